package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oicbridge.config.HttpConfig;

class HostGuardTest {
  private static HostGuard guard(String host, String... names) {
    return new HostGuard(
        new HttpConfig(
            host,
            8080,
            null,
            null,
            true,
            null,
            List.of(names),
            1024,
            1024,
            100,
            Duration.ofMinutes(1)));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7:8080,192.0.2.7,true",
    "192.0.2.7,192.0.2.7,true",
    "192.0.2.8:8080,192.0.2.7,false",
    "192.0.2.7:80,192.0.2.7,false",
    "[2001:db8::1]:8080,2001:db8:0:0:0:0:0:1,true",
    "[2001:DB8::1],2001:db8:0:0:0:0:0:1,true",
    "[2001:db8::2],2001:db8:0:0:0:0:0:1,false",
    "localhost:8080,127.0.0.1,true",
    "localhost:8080,192.0.2.7,false",
    "127.0.0.1:8080,192.0.2.7,false",
    "[::1],127.0.0.1,true",
    "127.0.0.2,127.0.0.1,true",
    "gw.local:8080,192.0.2.7,true",
    "gw.local,192.0.2.7,true",
    "gw.local:99999,192.0.2.7,false",
    "api.example.org,192.0.2.7,true",
    "API.example.org:443,192.0.2.7,true",
    "pinned.example.org:8443,192.0.2.7,true",
    "pinned.example.org:8444,192.0.2.7,false",
    "pinned.example.org,192.0.2.7,false",
    "192.0.2,192.0.2.7,false",
    "[192.0.2.7],192.0.2.7,false",
    "192.0.2.7:,192.0.2.7,false",
    "user@192.0.2.7,192.0.2.7,false",
    "192.0.2.7/x,192.0.2.7,false"
  })
  void host_isComparedWithTheAddressTheConnectionCameTo(
      String header, String local, boolean accepted) {
    HostGuard guard = guard("GW.local", "api.example.org", "pinned.example.org:8443");
    assertThat(guard.accepts(header, local, 8080)).isEqualTo(accepted);
  }
}
