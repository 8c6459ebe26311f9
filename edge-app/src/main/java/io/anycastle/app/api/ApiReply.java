package io.anycastle.app.api;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a call is answered with. */
sealed interface ApiReply {
    Map<String, String> headers();

    /**
     * The envelope around a result.
     *
     * @param result a JsonObject, a JsonArray or null
     * @param messages what else there is to say of a call that succeeded
     */
    record Result(@Nullable Object result, Map<String, String> headers, List<ApiError.Detail> messages)
            implements ApiReply {
        Result(@Nullable Object result, Map<String, String> headers) {
            this(result, headers, List.of());
        }
    }

    /** The envelope around one page of a list. */
    record Listed(Page page) implements ApiReply {
        @Override
        public Map<String, String> headers() {
            return Map.of();
        }
    }

    /** Something else than the envelope. */
    record Raw(int status, String contentType, String body) implements ApiReply {
        @Override
        public Map<String, String> headers() {
            return Map.of();
        }
    }

    /**
     * A body that is written bit by bit, no faster than the client reads; cut off where writing it fails.
     *
     * @param isEndless whether it usually goes on until the client has had enough
     */
    record Streamed(String contentType, BodyWriter body, boolean isEndless) implements ApiReply {
        Streamed(String contentType, BodyWriter body) {
            this(contentType, body, false);
        }

        @Override
        public Map<String, String> headers() {
            return Map.of();
        }
    }

    /** Writes a body. Runs on a virtual thread and may block. */
    @FunctionalInterface
    interface BodyWriter {
        void write(OutputStream out) throws IOException;
    }

    record Failed(ApiError error) implements ApiReply {
        @Override
        public Map<String, String> headers() {
            return error.headers();
        }
    }

    static ApiReply of(JsonObject result) {
        return new Result(result, Map.of());
    }
}
