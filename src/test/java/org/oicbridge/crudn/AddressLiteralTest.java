package org.oicbridge.crudn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressLiteralTest {
  @ParameterizedTest
  @CsvSource({
    "fe80::1%25eth0,eth0",
    "[fe80::1%25eth0],eth0",
    "[fe80::1%eth0],eth0",
    "fe80::1%2,2",
    "fe80::1%252,2",
    "fe80::1%25,25",
    "[fe80::1],",
    "192.0.2.1,"
  })
  void zone_isReadInBothForms(String host, String zone) {
    AddressLiteral literal = AddressLiteral.parse(host);

    assertThat(literal.zone()).isEqualTo(zone);
    assertThat(literal.address().isLinkLocalAddress()).isEqualTo(host.contains("fe80"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lamp", "lamp.example", "[::1", "fe80::1::2", "", "%eth0"})
  void name_isNone(String host) {
    assertThat(AddressLiteral.parse(host)).isNull();
  }

  @Test
  void scopedAddress_isReadAgainFromItsUri() throws Exception {
    NetworkInterface loopback = NetworkInterface.getByName("lo");
    InetAddress address =
        AddressLiteral.scoped(InetAddress.getByName("fe80::1"), loopback.getIndex());

    URI uri = URI.create("coap://" + AddressLiteral.inUri(address) + ":5683");

    assertThat(uri).hasToString("coap://[fe80::1%25lo]:5683");
    Inet6Address again = (Inet6Address) AddressLiteral.parse(uri.getHost()).scoped();
    assertThat(again).isEqualTo(address);
    assertThat(again.getScopeId()).isEqualTo(loopback.getIndex());
    assertThat(AddressLiteral.unzoned(address)).isEqualTo("[fe80::1]");
  }

  @Test
  void zoneByNumber_needsNoInterface() throws Exception {
    Inet6Address address = (Inet6Address) AddressLiteral.parse("fe80::1%999999").scoped();

    assertThat(address.getScopeId()).isEqualTo(999_999);
    assertThat(AddressLiteral.inUri(address)).isEqualTo("[fe80::1%25999999]");
  }

  @Test
  void zoneThatIsNotHere_isTold() {
    assertThatThrownBy(() -> AddressLiteral.parse("fe80::1%nowhere0").scoped())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("nowhere0");
  }
}
