package org.oicbridge;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.oicbridge.config.GatewayConfig;
import org.oicbridge.store.Registries;
import org.oicbridge.store.Registry;
import org.oicbridge.store.StoredDevice;

/**
 * Kills a gateway with SIGKILL in the middle of an import, starts it anew, and looks whether every
 * acknowledged device is online under the full JID that it must have, and nothing is half there.
 * Prosody is real, the gateway a process of its own.
 */
final class ImportCrash implements AutoCloseable {
  private static final int GROUP = 50;

  /** Longer than a group takes, so that the end comes at any step of one. */
  private static final int LATEST_MILLIS = 40;

  private static final int RESTART_SECONDS = 90;
  private static final long PACE_MILLIS = 40;

  private final ManyDevices devices;
  private final String yaml;
  private final Random random;
  private final long seed;
  private final Duration patience;
  private Path folder;
  private GatewayProcess gateway;

  /**
   * Prepares rounds.
   *
   * @param store the {@code store} section of the configuration, empty for SQLite
   * @param patience how long the devices may take to be online after the start anew
   */
  ImportCrash(ManyDevices devices, String store, long seed, Duration patience) {
    this.devices = devices;
    this.yaml = devices.yaml() + store;
    this.seed = seed;
    this.random = new Random(seed);
    this.patience = patience;
  }

  /**
   * What a round showed.
   *
   * @param seed what the round's random numbers came from
   * @param acknowledged how many devices were acknowledged
   * @param refused how many lines of the import failed, with their reasons
   * @param there how many devices there were after the restart
   * @param online how many of the acknowledged ones were online under their full JID
   * @param importing how many seconds the import took
   * @param restarting how many seconds passed from the start anew until all were online
   * @param wrong what was not as it must be; empty when the round passed
   */
  record Round(
      long seed,
      int acknowledged,
      int refused,
      Set<String> reasons,
      int there,
      int online,
      double importing,
      double restarting,
      List<String> wrong) {}

  /**
   * One round: kills the gateway once so many lines or more are acknowledged. The last group is
   * held back until then, so that the import is never over before; the one ahead of it is what the
   * gateway works at, at the latest.
   *
   * @param data a folder with nothing in it; the database must be empty as well
   */
  Round killed(Path data, int atLeast) throws Exception {
    folder = data;
    gateway = GatewayProcess.start(folder, yaml);
    int killAt = atLeast + random.nextInt(devices.devices() - 2 * GROUP - atLeast + 1);
    List<String> parts = devices.lines(devices.all(), GROUP);
    CountDownLatch killed = new CountDownLatch(1);
    Set<Integer> acknowledged = new LinkedHashSet<>();
    ImportCall call =
        new ImportCall(
                gateway,
                part -> {
                  if (part == parts.size() - 1) {
                    killed.await();
                  }
                })
            .run(
                parts,
                answer -> {
                  acknowledge(answer, acknowledged);
                  if (acknowledged.size() >= killAt && killed.getCount() > 0) {
                    pause(random.nextInt(LATEST_MILLIS * 1000));
                    gateway.kill();
                    killed.countDown();
                  }
                });
    List<String> wrong = new ArrayList<>();
    if (killed.getCount() > 0) {
      wrong.add(
          "only " + acknowledged.size() + " lines were acknowledged, the last: " + last(call));
      gateway.kill();
    }
    return check(acknowledged, call, wrong, true);
  }

  /**
   * One round in which the database is restarted while an import runs. Lines that failed are
   * imported again, then the gateway is killed as well.
   */
  Round databaseRestarted(Path data, int atLeast, Runnable restart) throws Exception {
    folder = data;
    gateway = GatewayProcess.start(folder, yaml);
    Set<Integer> acknowledged = new LinkedHashSet<>();
    CountDownLatch restarted = new CountDownLatch(1);
    Thread restarting =
        new Thread(
            () -> {
              try {
                restart.run();
              } finally {
                restarted.countDown();
              }
            });
    // From there on slowly, so that the restart falls into it; at once again afterwards.
    int slowFrom = atLeast / 10;
    ImportCall call =
        new ImportCall(
                gateway,
                part -> {
                  if (part > slowFrom) {
                    boolean over = restarted.await(PACE_MILLIS, TimeUnit.MILLISECONDS);
                    if (!over && part == devices.devices() / 10 - 5) {
                      restarted.await(RESTART_SECONDS, TimeUnit.SECONDS);
                    }
                  }
                })
            .run(
                devices.lines(devices.all(), 10),
                answer -> {
                  acknowledge(answer, acknowledged);
                  if (acknowledged.size() >= atLeast && restarting.getState() == Thread.State.NEW) {
                    restarting.start();
                  }
                });
    restarting.join();
    List<String> wrong = new ArrayList<>();
    if (call.answers().size() != devices.devices() || !call.whole()) {
      wrong.add(call.answers().size() + " lines were answered, the last " + last(call));
    } else if (!ImportCall.acknowledged(call.answers().get(devices.devices() - 1))) {
      wrong.add("the import did not go on after the restart: " + last(call));
    }
    List<Integer> again =
        devices.all().stream().filter(number -> !acknowledged.contains(number)).toList();
    new ImportCall(gateway, ImportCall.Pace.NONE)
        .run(devices.lines(again, GROUP), answer -> acknowledge(answer, acknowledged));
    if (acknowledged.size() != devices.devices()) {
      wrong.add("lines that failed were not taken the second time");
    }
    gateway.kill();
    return check(acknowledged, call, wrong, false);
  }

  private static String last(ImportCall call) {
    return call.answers().isEmpty()
        ? "none"
        : call.answers().get(call.answers().size() - 1).encode();
  }

  /** Imports everything undisturbed, then checks after a kill as well. */
  Round whole(Path data) throws Exception {
    folder = data;
    gateway = GatewayProcess.start(folder, yaml);
    Set<Integer> acknowledged = new LinkedHashSet<>();
    ImportCall call =
        new ImportCall(gateway, ImportCall.Pace.NONE)
            .run(devices.lines(devices.all(), GROUP), answer -> acknowledge(answer, acknowledged));
    List<String> wrong = new ArrayList<>();
    if (!call.whole() || acknowledged.size() != devices.devices()) {
      wrong.add("not every line was acknowledged, the last: " + last(call));
    }
    gateway.kill();
    return check(acknowledged, call, wrong, true);
  }

  private static void acknowledge(JsonObject answer, Set<Integer> acknowledged) {
    if (ImportCall.acknowledged(answer)) {
      String di = answer.getString("di");
      acknowledged.add(Integer.parseInt(di.substring(di.lastIndexOf('-') + 1)));
    }
  }

  /** Starts the gateway anew and looks at what it has, then at what its registry has. */
  private Round check(
      Set<Integer> acknowledged, ImportCall call, List<String> wrong, boolean inOrder)
      throws Exception {
    Set<String> reasons = new TreeSet<>();
    int refused = 0;
    for (JsonObject answer : call.answers()) {
      if (!ImportCall.acknowledged(answer)) {
        refused++;
        reasons.add(
            answer.getInteger("status")
                + " "
                + answer.getString("type")
                + ": "
                + answer.getString("detail"));
      }
    }
    long begun = System.nanoTime();
    gateway = GatewayProcess.start(folder, yaml);
    int online = awaitOnline(acknowledged, begun + patience.toNanos());
    double seconds = (System.nanoTime() - begun) / 1e9;
    if (online < acknowledged.size()) {
      wrong.add(acknowledged.size() - online + " are not online under their full JID");
    }
    Map<String, JsonObject> there = gateway.devices();
    for (int number : acknowledged) {
      if (!there.containsKey(ManyDevices.di(number))) {
        wrong.add(ManyDevices.di(number) + " was acknowledged and is gone");
      }
    }
    int status = gateway.stop();
    if (status != 0) {
      wrong.add("the gateway ended with " + status + " when it was stopped");
    }
    checkRegistry(there.keySet(), wrong, inOrder);
    return new Round(
        seed,
        acknowledged.size(),
        refused,
        reasons,
        there.size(),
        online,
        call.seconds(),
        seconds,
        wrong);
  }

  private static void pause(long micros) {
    CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(micros, TimeUnit.MICROSECONDS))
        .join();
  }

  private int awaitOnline(Set<Integer> acknowledged, long deadline)
      throws IOException, InterruptedException {
    while (true) {
      Map<String, JsonObject> there = gateway.devices();
      int online = 0;
      for (int number : acknowledged) {
        if (devices.view(number).equals(there.get(ManyDevices.di(number)))) {
          online++;
        }
      }
      if (online == acknowledged.size() || System.nanoTime() - deadline > 0) {
        return online;
      }
      // Of a process nothing but its answers tell how far it is.
      pause(200_000);
    }
  }

  private void checkRegistry(Set<String> there, List<String> wrong, boolean inOrder)
      throws Exception {
    Map<String, StoredDevice> stored =
        load().stream().collect(Collectors.toMap(device -> device.di().text(), device -> device));
    if (!stored.keySet().equals(there)) {
      wrong.add("the registry has " + stored.size() + " devices, the API showed " + there.size());
    }
    int found = 0;
    for (int number : devices.all()) {
      StoredDevice device = stored.get(ManyDevices.di(number));
      if (device != null) {
        found++;
        if (!device.equals(devices.stored(number))) {
          wrong.add("half written: " + device);
        }
        if (inOrder && found != number + 1) {
          wrong.add("number " + number + " is there without one that was sent before it");
        }
      }
    }
    if (found != stored.size()) {
      wrong.add("the registry has devices that were not sent");
    }
  }

  private List<StoredDevice> load() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      GatewayConfig config = GatewayConfig.parse(yaml, name -> null);
      Registry registry =
          GatewayFixture.await(Registries.open(vertx, config.store(), GatewayProcess.data(folder)));
      try {
        return GatewayFixture.await(registry.load()).devices();
      } finally {
        GatewayFixture.await(registry.close());
      }
    } finally {
      GatewayFixture.await(vertx.close());
    }
  }

  @Override
  public void close() {
    if (gateway != null) {
      gateway.close();
    }
  }
}
