package org.oicbridge.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.oicbridge.bus.DeviceOutcome;
import org.oicbridge.bus.PutDevices;
import org.oicbridge.crudn.Problem;
import org.oicbridge.crudn.Status;

/**
 * One line of an import: a device to register, or why it is none.
 *
 * @param number the number of the line, from 1
 * @param entry the device, or null
 * @param refusal why there is none, or null
 */
record ImportLine(long number, PutDevices.Entry entry, Refusal refusal) {

  /** Reads a line; null when it is blank. */
  static ImportLine read(LineSplitter.Line line) {
    if (line.bytes() == null) {
      return new ImportLine(
          line.number(),
          null,
          new Refusal(
              413, "line-too-long", "the line is longer than " + DeviceImport.MAX_LINE + " bytes"));
    }
    try {
      String text = JsonBodies.read(line.bytes().getBytes(), "the line");
      return text == null ? null : new ImportLine(line.number(), DeviceJson.readLine(text), null);
    } catch (Refusal e) {
      return new ImportLine(line.number(), null, e);
    }
  }

  /** The line of the answer when the device was asked to be registered. */
  Buffer result(DeviceOutcome outcome) {
    return result(outcome.status(), outcome.problem());
  }

  /** The line of the answer for a device, taken when there is no problem. */
  Buffer result(Status status, Problem problem) {
    JsonObject result =
        new JsonObject()
            .put("line", number)
            .put("di", entry.di().text())
            .put("account", entry.account().toString());
    int code = StatusCodes.http(status);
    return problem == null
        ? text(result.put("status", code))
        : problem(result, code, problem.type(), problem.detail());
  }

  /** The line of the answer when this one is no device. */
  Buffer refused() {
    return problem(
        new JsonObject().put("line", number),
        refusal.status(),
        refusal.type(),
        refusal.getMessage());
  }

  /** A line of the answer that tells a problem. */
  static Buffer problem(JsonObject result, int status, String type, String detail) {
    return text(result.put("status", status).put("type", Problems.urn(type)).put("detail", detail));
  }

  private static Buffer text(JsonObject result) {
    return result.toBuffer().appendByte((byte) '\n');
  }
}
