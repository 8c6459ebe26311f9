package io.anycastle.app.api;

import io.anycastle.core.model.Account;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/** {@code /accounts/{id}/dns_settings}: the switch that takes every zone off the proxy, also on a node that is cut off. */
final class AccountCalls {
    private final Changes changes;

    AccountCalls(Changes changes) {
        this.changes = changes;
    }

    ApiReply read(Call call) {
        return new ApiReply.Result(json(changes.view().account().dnsOnly()), Map.of());
    }

    /** Body: {@code enforce_dns_only}; other settings are ignored. */
    ApiReply change(Call call) {
        Optional<Boolean> dnsOnly = call.body().flag("enforce_dns_only");
        if (dnsOnly.isEmpty()) {
            return read(call);
        }
        Edit edit = new Edit.ChangeZone(Optional.empty(), dnsOnly, Optional.empty());
        return changes.apply(
                ChangeSet.of(Account.ZONE, edit),
                applied -> json(applied.state().zone().paused()));
    }

    private static JsonObject json(boolean dnsOnly) {
        return new JsonObject().put("enforce_dns_only", dnsOnly);
    }
}
