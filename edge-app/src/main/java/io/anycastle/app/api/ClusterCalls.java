package io.anycastle.app.api;

import io.anycastle.app.cluster.JoinToken;
import io.anycastle.app.cluster.ListedNode;
import io.anycastle.app.cluster.Membership;
import io.anycastle.app.cluster.MembershipException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The calls below {@code /edge/cluster}: who is in it, who may come, who must go. */
final class ClusterCalls {
    private static final int REFUSED = 10600;
    private static final int LIFETIME_MAX = 30 * 24 * 3600;

    private final Membership membership;
    private final Duration tokenLifetime;

    /** @param tokenLifetime of invitations that do not say */
    ClusterCalls(Membership membership, Duration tokenLifetime) {
        this.membership = membership;
        this.tokenLifetime = tokenLifetime;
    }

    ApiReply list(Call call) {
        JsonArray nodes = new JsonArray();
        membership.list().forEach(node -> nodes.add(json(node)));
        return new ApiReply.Result(nodes, Map.of());
    }

    /** Body: {@code ttl_seconds}, optional. */
    ApiReply invite(Call call) {
        Duration lifetime = call.body()
                .wholeNumber("ttl_seconds")
                .map(seconds -> {
                    if (seconds < 1 || seconds > LIFETIME_MAX) {
                        throw new ApiException(ApiError.invalid("ttl_seconds", "expected 1 to " + LIFETIME_MAX));
                    }
                    return Duration.ofSeconds(seconds);
                })
                .orElse(tokenLifetime);
        JoinToken token = told(() -> membership.invite(lifetime));
        return ApiReply.of(new JsonObject()
                .put("token", token.text())
                .put("cluster", token.cluster())
                .put("ttl_seconds", lifetime.toSeconds()));
    }

    ApiReply remove(Call call) {
        return ApiReply.of(json(told(() -> membership.remove(call.pathParameter("node")))));
    }

    ApiReply rotate(Call call) {
        return ApiReply.of(new JsonObject()
                .put("old_trusted_until", told(membership::rotate).toString()));
    }

    private static <T> T told(Supplier<T> work) {
        try {
            return work.get();
        } catch (MembershipException e) {
            throw new ApiException(new ApiError(
                    400, List.of(new ApiError.Detail(REFUSED, String.join(" ", e.problems()))), Map.of()));
        }
    }

    private static JsonObject json(ListedNode node) {
        return new JsonObject()
                .put("id", node.id())
                .put("number", node.number())
                .put("address", node.address())
                .put("certificate_expires", node.certificateExpires().toString())
                .put("state", node.state().name().toLowerCase(Locale.ROOT));
    }
}
