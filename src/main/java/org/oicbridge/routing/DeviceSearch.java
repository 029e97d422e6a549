package org.oicbridge.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceView;

/** Finds devices among the accounts of one shard. */
final class DeviceSearch {
  private DeviceSearch() {}

  static List<DeviceView> in(Accounts accounts, DeviceQuery query) {
    List<DeviceView> found = new ArrayList<>();
    // A key begins with the account, so accounts before the cursor's can't hold what is behind it.
    for (Account account : accounts.from(query.after())) {
      if (query.account() == null || query.account().equals(account.config().jid())) {
        candidates(account, query)
            .filter(view -> matches(view, query))
            .sorted(Comparator.comparing(DeviceView::key))
            .limit(query.limit() - found.size())
            .forEach(found::add);
      }
      if (found.size() >= query.limit()) {
        break;
      }
    }
    return found;
  }

  private static Stream<DeviceView> candidates(Account account, DeviceQuery query) {
    return query.di() == null
        ? account.views()
        : Stream.of(account.view(query.di())).filter(Objects::nonNull);
  }

  private static boolean matches(DeviceView view, DeviceQuery query) {
    return (query.rt() == null || view.rt().contains(query.rt()))
        && (query.origin() == null || view.origin() == query.origin())
        && (query.state() == null || view.state() == query.state())
        && (query.after() == null || view.key().compareTo(query.after()) > 0);
  }
}
