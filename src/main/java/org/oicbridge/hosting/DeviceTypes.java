package org.oicbridge.hosting;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.oicbridge.bus.DeviceRequest;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceType;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.store.StoredDevice;

/** Finds out the type of devices that were registered without one. */
final class DeviceTypes {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ResourcePath QUESTION = ResourcePath.parse("/oic/d?if=oic.if.baseline");
  private static final int TRIES = 3;
  private static final int MOST_AT_ONCE = 32;

  /** Is told what was found. */
  interface Listener {
    /** A device has told its type; null when it does not. */
    void found(StoredDevice.Key key, String rt);
  }

  private final Vertx vertx;
  private final Shards shards;
  private final Timing timing;
  private final Listener listener;
  private final Map<StoredDevice.Key, Inquiry> inquiries = new HashMap<>();
  private final Queue<Inquiry> waiting = new ArrayDeque<>();
  private int asked;

  /** One device that is being asked. */
  private static final class Inquiry {
    final StoredDevice.Key key;
    final HostedDevice device;
    int tries;
    Long pause;

    Inquiry(StoredDevice.Key key, HostedDevice device) {
      this.key = key;
      this.device = device;
    }
  }

  DeviceTypes(Vertx vertx, Shards shards, Timing timing, Listener listener) {
    this.vertx = vertx;
    this.shards = shards;
    this.timing = timing;
    this.listener = listener;
  }

  /** The type of a device that has these; null when they tell none. */
  static String choose(List<String> rts) {
    return DeviceType.of(rts).orElse(rts.contains(DeviceType.ANY) ? DeviceType.ANY : null);
  }

  /** The type in a published link to the device's own description, or null. */
  static String choose(Iterable<Link> links) {
    for (Link link : links) {
      if (link.href().equals("/oic/d")) {
        return choose(link.rt());
      }
    }
    return null;
  }

  /** Asks a device, in the place of an inquiry that runs. */
  void ask(StoredDevice.Key key, HostedDevice device) {
    forget(key);
    Inquiry inquiry = new Inquiry(key, device);
    inquiries.put(key, inquiry);
    enqueue(inquiry);
  }

  /** Nobody wants to know any more. */
  void forget(StoredDevice.Key key) {
    Inquiry inquiry = inquiries.remove(key);
    if (inquiry != null && inquiry.pause != null) {
      vertx.cancelTimer(inquiry.pause);
    }
  }

  private boolean wanted(Inquiry inquiry) {
    return inquiries.get(inquiry.key) == inquiry;
  }

  private void enqueue(Inquiry inquiry) {
    waiting.add(inquiry);
    askNext();
  }

  private void askNext() {
    while (asked < MOST_AT_ONCE && !waiting.isEmpty()) {
      Inquiry inquiry = waiting.remove();
      if (wanted(inquiry)) {
        asked++;
        inquiry.tries++;
        shards
            .ask(question(inquiry))
            .onSuccess(
                answer -> {
                  asked--;
                  answered(inquiry, answer);
                  askNext();
                });
      }
    }
  }

  private DeviceRequest question(Inquiry inquiry) {
    return new DeviceRequest(
        inquiry.device,
        new CrudnRequest(
            inquiry.key.account(),
            inquiry.key.di(),
            Operation.RETRIEVE,
            QUESTION,
            Headers.NONE,
            null,
            inquiry.key.account(),
            CrudnRequest.Via.HOSTED,
            Deadline.in(timing.typeDeadline())));
  }

  private void answered(Inquiry inquiry, CrudnResponse answer) {
    if (!wanted(inquiry)) {
      return;
    }
    if (answer.status().success()) {
      inquiries.remove(inquiry.key);
      String rt = choose(types(answer.body()));
      listener.found(inquiry.key, rt == null ? DeviceType.ANY : rt);
    } else if (inquiry.tries >= TRIES || isFinal(answer)) {
      inquiries.remove(inquiry.key);
      listener.found(inquiry.key, null);
    } else {
      long pause = timing.typeRetry().toMillis() << (inquiry.tries - 1);
      inquiry.pause =
          vertx.setTimer(
              Math.max(1, pause),
              id -> {
                inquiry.pause = null;
                enqueue(inquiry);
              });
    }
  }

  /** Whether the device itself has said that it has no description, or none for us. */
  private static boolean isFinal(CrudnResponse answer) {
    return answer.problem() == null
        && switch (answer.status()) {
          case BAD_REQUEST,
              UNAUTHORIZED,
              FORBIDDEN,
              NOT_FOUND,
              METHOD_NOT_ALLOWED,
              NOT_ACCEPTABLE,
              NOT_IMPLEMENTED ->
              true;
          default -> false;
        };
  }

  /** The {@code rt} of a description: an array, or one text with several joined by a space. */
  private static List<String> types(String body) {
    List<String> types = new ArrayList<>();
    try {
      JsonNode rt = JSON.readTree(body == null ? "{}" : body).path("rt");
      if (rt.isTextual()) {
        types.addAll(List.of(rt.asText().trim().split(" +", -1)));
      }
      rt.forEach(value -> types.add(value.asText()));
    } catch (JsonProcessingException e) {
      // The edge has made it; a text that is no object has no type in it.
    }
    return types;
  }

  void stop() {
    List.copyOf(inquiries.keySet()).forEach(this::forget);
  }
}
