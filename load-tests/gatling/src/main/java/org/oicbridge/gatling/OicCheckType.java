package org.oicbridge.gatling;

import io.gatling.javaapi.core.CheckBuilder.CheckType;

/** The checks that Gatling itself does not have. */
enum OicCheckType implements CheckType {
  /** One that takes the whole answer. */
  ANSWER
}
