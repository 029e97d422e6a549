package org.oicbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What is behind a resource of a simulated device. */
interface OcfContent {
  /** Resource types, the value of {@code rt}. */
  List<String> types();

  /** Interfaces, the default one first. */
  List<OcfInterface> interfaces();

  /** True when there is anything that a client may change. */
  boolean writable();

  /** The representation that a query asks for. */
  JsonNode read(OcfQuery query) throws Refusal;

  /** Changes everything that the body asks for, or nothing. */
  void update(JsonNode body) throws Refusal;
}
