package io.anycastle.proxy.exchange;

import io.anycastle.core.model.Maintenance;
import io.anycastle.proxy.reply.EdgeError;

/** Tells visitors of a site that it is down for maintenance, but those from networks that may see it. What has begun goes on. */
final class CheckMaintenance implements Step {
    @Override
    public Verdict take(Exchange exchange) {
        Maintenance maintenance = exchange.route().orElseThrow().pages().maintenance();
        return maintenance.isOn() && maintenance.concerns(exchange.client())
                ? Verdict.refuse(EdgeError.MAINTENANCE)
                : Verdict.NEXT;
    }
}
