package org.oicbridge.measure;

import java.util.List;

/**
 * What was seen in one half of a pair.
 *
 * @param millis latencies of the others' requests, from the moment at which each was due
 * @param direct those of them that went straight to the device
 * @param around those that went through XMPP
 * @param failed how many were not answered with success
 * @param flood what became of the flood: served, refused with 429, anything else
 * @param silent how many requests went to the device that never answers
 * @param cpu processor time that the gateway took, as a part of one core
 */
record Phase(
    List<Double> direct,
    List<Double> around,
    List<Double> millis,
    int failed,
    String flood,
    int silent,
    double cpu) {

  /** Which requests a figure is of. */
  enum Of {
    ALL,
    DIRECT,
    AROUND
  }

  private List<Double> of(Of which) {
    return switch (which) {
      case ALL -> millis;
      case DIRECT -> direct;
      case AROUND -> around;
    };
  }

  double p99(Of which) {
    return Series.at(of(which), 0.99);
  }

  double median(Of which) {
    return Series.at(of(which), 0.5);
  }
}
