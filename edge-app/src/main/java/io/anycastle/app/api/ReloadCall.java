package io.anycastle.app.api;

import io.anycastle.core.failure.OperatorException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** {@code POST /edge/reload}: this node reads its configuration again. */
final class ReloadCall {
    private static final int INVALID = 1004;

    private final Reloading reloading;

    ReloadCall(Reloading reloading) {
        this.reloading = reloading;
    }

    ApiReply run(Call call) {
        try {
            Reloading.Reloaded reloaded = reloading.reload();
            return ApiReply.of(new JsonObject()
                    .put("changed", new JsonArray(reloaded.changed()))
                    .put("needs_restart", new JsonArray(reloaded.waiting())));
        } catch (OperatorException e) {
            throw new ApiException(new ApiError(
                    400,
                    e.problems().stream()
                            .map(problem -> new ApiError.Detail(INVALID, problem))
                            .toList(),
                    Map.of()));
        }
    }
}
