package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.reply.EdgeError;

/** Stops requests that keep coming back to this edge (RFC 8586). */
final class StopLoops implements Step {
    @Override
    public Verdict take(Exchange exchange) {
        var config = exchange.surroundings().config();
        var fields = exchange.fields().values(FieldName.CDN_LOOP);
        return fields.isEmpty() || LoopCount.of(config.loopToken(), fields) <= config.loopPassesMax()
                ? Verdict.NEXT
                : new Verdict.Refuse(EdgeError.POINTS_TO_EDGE, "This request has passed the edge too often already.");
    }
}
