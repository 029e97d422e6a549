package org.oicbridge.coap;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.oicbridge.crudn.DeviceId;

/** What one search brought, a device once however often it answered. */
final class SearchReplies {
  static final int MAX_DEVICES = 5000;

  /** Answers in blocks whose rest is asked for; each costs an exchange. */
  private static final int MAX_BLOCKWISE = 100;

  private final DeviceQuestions questions;
  private final Map<DeviceId, InetAddress> before;
  private final Map<DeviceId, SearchReply> devices = new LinkedHashMap<>();
  private final List<Future<Void>> rest = new ArrayList<>();
  private int answers;
  private int skipped;

  /**
   * Prepares a search.
   *
   * @param before where devices were at the search before
   */
  SearchReplies(DeviceQuestions questions, Map<DeviceId, InetAddress> before) {
    this.questions = questions;
    this.before = before;
  }

  /** Takes an answer to a multicast request; of one that comes in blocks it gets the rest. */
  void take(MulticastSearch.Answer answer, NetworkInterface zone) {
    Response response = answer.response();
    AnswerSource source = AnswerSource.of(answer.sender(), zone);
    boolean more = response.getOptions().hasBlock2() && response.getOptions().getBlock2().isM();
    if (!more || response.getCode() != ResponseCode.CONTENT) {
      take(response, source, answer.sender(), List.of());
    } else if (rest.size() < MAX_BLOCKWISE) {
      Era era = EraDetector.byContent(response);
      rest.add(
          questions
              .resources(answer.sender(), List.of(), era)
              .onSuccess(whole -> take(whole, source, answer.sender(), List.of()))
              .onFailure(error -> CoapMetrics.discoveryAnswer("silent"))
              .otherwiseEmpty()
              .mapEmpty());
    } else {
      CoapMetrics.discoveryAnswer("excess");
    }
  }

  /** Takes the whole answer of a device. */
  void take(Response response, AnswerSource source, InetSocketAddress peer, List<String> base) {
    answers++;
    if (response.getCode() != ResponseCode.CONTENT) {
      CoapMetrics.discoveryAnswer("refused");
      return;
    }
    Era era = EraDetector.byContent(response);
    Optional<DiscoveryAnswer> read =
        DeviceQuestions.body(response, era).flatMap(body -> DiscoveryAnswer.read(body, source));
    if (read.isEmpty()) {
      CoapMetrics.discoveryAnswer("malformed");
      return;
    }
    CoapMetrics.discoveryAnswer(read.get().devices().isEmpty() ? "empty" : "devices");
    skipped += read.get().skipped();
    for (DeviceLinks device : read.get().devices()) {
      if (devices.size() < MAX_DEVICES || devices.containsKey(device.di())) {
        devices.merge(device.di(), new SearchReply(device, era, peer, base), this::better);
      }
    }
  }

  /**
   * A device stays where it was as long as it answers there: that another host says that it is that
   * device moves nothing. Else an address that is good beyond the link wins, then the answer as
   * OCF, then the first.
   */
  private SearchReply better(SearchReply first, SearchReply second) {
    InetAddress known = before.get(first.device().di());
    boolean firstKnown = first.peer().getAddress().equals(known);
    boolean secondKnown = second.peer().getAddress().equals(known);
    if (firstKnown != secondKnown) {
      return firstKnown ? first : second;
    }
    boolean firstOnLink = first.peer().getAddress().isLinkLocalAddress();
    if (firstOnLink != second.peer().getAddress().isLinkLocalAddress()) {
      return firstOnLink ? second : first;
    }
    return second.era() == Era.OCF && first.era() != Era.OCF ? second : first;
  }

  /** Ends when the rest of every answer in blocks is there, or can't be had. */
  Future<Void> complete() {
    return rest.isEmpty() ? Future.succeededFuture() : Future.join(rest).mapEmpty();
  }

  int answers() {
    return answers;
  }

  /** Devices and links that were left out. */
  int skipped() {
    return skipped;
  }

  Collection<SearchReply> devices() {
    return devices.values();
  }

  /** Where the devices are, for the next search. */
  Map<DeviceId, InetAddress> addresses() {
    Map<DeviceId, InetAddress> addresses = new HashMap<>();
    devices.forEach((di, reply) -> addresses.put(di, reply.peer().getAddress()));
    return addresses;
  }
}
