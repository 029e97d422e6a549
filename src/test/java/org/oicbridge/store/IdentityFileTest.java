package org.oicbridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

class IdentityFileTest {
  private static final Jid HOME = Jid.parse("home@localhost");
  private static final Jid OFFICE = Jid.parse("office@localhost");

  @TempDir Path directory;

  @Test
  void of_givesEachAccountAUuidOfItsOwn() throws IOException {
    Map<Jid, DeviceId> ids = new IdentityFile(directory).of(List.of(HOME, OFFICE));

    assertThat(ids.get(HOME).conformant()).isTrue();
    assertThat(ids.get(OFFICE).conformant()).isTrue();
    assertThat(ids.get(HOME)).isNotEqualTo(ids.get(OFFICE));
  }

  @Test
  void of_givesTheSameUuidsAfterARestart() throws IOException {
    Path missing = directory.resolve("not/there/yet");
    Map<Jid, DeviceId> before = new IdentityFile(missing).of(List.of(HOME));
    Map<Jid, DeviceId> after = new IdentityFile(missing).of(List.of(HOME, OFFICE));

    assertThat(after.get(HOME)).isEqualTo(before.get(HOME));
  }

  @Test
  void of_keepsAccountsThatAreNotAskedFor() throws IOException {
    Map<Jid, DeviceId> first = new IdentityFile(directory).of(List.of(HOME));
    new IdentityFile(directory).of(List.of(OFFICE));

    assertThat(new IdentityFile(directory).of(List.of(HOME))).isEqualTo(first);
  }

  @Test
  void of_refusesADamagedFileAndLeavesItAlone() throws IOException {
    Path file = directory.resolve("identities.json");
    for (String damage :
        List.of("{\"home@localhost\": ", "{\"home@localhost\": \"not a uuid!\"}")) {
      Files.writeString(file, damage);

      assertThatThrownBy(() -> new IdentityFile(directory).of(List.of(HOME)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("damaged");
      assertThat(file).hasContent(damage);
    }
  }
}
