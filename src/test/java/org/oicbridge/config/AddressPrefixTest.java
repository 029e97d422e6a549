package org.oicbridge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPrefixTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24,192.0.2.255,true",
    "192.0.2.0/24,192.0.3.0,false",
    "192.0.2.128/25,192.0.2.127,false",
    "192.0.2.7,192.0.2.7,true",
    "192.0.2.7,192.0.2.8,false",
    "0.0.0.0/0,203.0.113.9,true",
    "0.0.0.0/0,2001:db8::1,false",
    "2001:db8::/33,2001:db8:7fff::1,true",
    "2001:db8::/33,2001:db8:8000::1,false",
    "2001:db8::1/128,2001:db8::1,true"
  })
  void prefix_containsWhatSharesItsBits(String prefix, String address, boolean contained) {
    assertThat(
            AddressPrefix.parse(prefix)
                .contains(NetUtil.createInetAddressFromIpAddressString(address)))
        .isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "abc.de",
        "localhost/8",
        "192.0.2.0/33",
        "192.0.2.0/-1",
        "192.0.2.0/x",
        "192.0.2.0/",
        "2001:db8::/129"
      })
  void whatIsNoRange_isRefused(String text) {
    assertThatThrownBy(() -> AddressPrefix.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected an address range");
  }
}
