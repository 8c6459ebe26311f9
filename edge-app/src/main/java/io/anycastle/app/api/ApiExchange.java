package io.anycastle.app.api;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One call from its body to its answer; the one place where failures become what the client may see. */
final class ApiExchange {
    private static final Logger LOG = LoggerFactory.getLogger(ApiExchange.class);

    private final RoutingContext routing;
    private final AdminConfig config;

    ApiExchange(RoutingContext routing, AdminConfig config) {
        this.routing = routing;
        this.config = config;
    }

    /** Reads what the endpoint wants, lets it answer on a virtual thread, and sends that. */
    void run(Endpoint.Wants wants, Endpoint endpoint) {
        Context context = routing.vertx().getOrCreateContext();
        Future<Payload> payload = switch (wants) {
            case NOTHING -> Future.succeededFuture(Payload.NONE);
            case JSON -> json();
            case UPLOAD -> upload(config.importMax());
            case BACKUP -> upload(config.restoreMax());
        };
        payload.onSuccess(read -> Thread.startVirtualThread(() -> run(endpoint, read, context)))
                .onFailure(this::fail);
    }

    /** On a virtual thread. What was uploaded is there until the answer is. */
    private void run(Endpoint endpoint, Payload payload, Context context) {
        try {
            ApiReply reply = answer(endpoint, payload);
            boolean isHead = routing.request().method().equals(HttpMethod.HEAD);
            if (reply instanceof ApiReply.Streamed streamed && !isHead) {
                stream(streamed, context);
            } else {
                context.runOnContext(v -> send(reply));
            }
        } finally {
            payload.file().ifPresent(ApiExchange::delete);
        }
    }

    private void stream(ApiReply.Streamed reply, Context context) {
        HttpServerResponse response = routing.response();
        context.runOnContext(v -> response.setChunked(true)
                .putHeader("cf-ray", ray() + "-" + config.colo())
                .putHeader("Content-Type", reply.contentType()));
        try (BodyStream body = new BodyStream(context, response, config.idle())) {
            reply.body().write(body);
            body.finish();
        } catch (IOException | RuntimeException e) {
            LOG.atLevel(reply.isEndless() ? Level.DEBUG : Level.WARN)
                    .log("{} {} broke off: {}", routing.request().method(), routing.normalizedPath(), e.getMessage());
            context.runOnContext(v -> routing.request().connection().close());
        }
    }

    /** What was read of the body. */
    private record Payload(Buffer json, Optional<Path> file) {
        static final Payload NONE = new Payload(Buffer.buffer(), Optional.empty());
    }

    private Future<Payload> json() {
        HttpServerRequest request = routing.request();
        Promise<Payload> read = Promise.promise();
        Buffer body = Buffer.buffer();
        request.exceptionHandler(read::tryFail);
        request.handler(chunk -> {
            if (body.length() + chunk.length() > config.bodyMax()) {
                read.tryFail(new ApiException(tooLarge(config.bodyMax())));
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(v -> read.tryComplete(new Payload(body, Optional.empty())));
        return read.future();
    }

    static ApiError tooLarge(long max) {
        return ApiError.of(413, 10413, "The request body has more than " + max + " bytes");
    }

    private Future<Payload> upload(long max) {
        return Upload.store(routing.vertx(), routing.request(), config.uploadFolder(), max)
                .map(file -> new Payload(Buffer.buffer(), Optional.of(file)));
    }

    private ApiReply answer(Endpoint endpoint, Payload payload) {
        try {
            return endpoint.answer(new Call(
                    routing.normalizedPath(),
                    routing.pathParams(),
                    new Query(routing.queryParams()),
                    routing.request().headers(),
                    Body.parse(payload.json()),
                    payload.file()));
        } catch (RuntimeException e) {
            return new ApiReply.Failed(errorOf(e));
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("upload {} could not be deleted: {}", file, e.getMessage());
        }
    }

    /** Ends a call that broke on its way to an endpoint. */
    void fail(Throwable failure) {
        send(new ApiReply.Failed(errorOf(failure)));
    }

    private ApiError errorOf(Throwable failure) {
        if (failure instanceof ApiException refusal) {
            return refusal.error();
        }
        String trace = ray();
        LOG.error(
                "admin call {} {} failed, trace {}",
                routing.request().method(),
                routing.normalizedPath(),
                trace,
                failure);
        return ApiError.of(500, 10500, "The node failed to answer; its log says why at trace " + trace);
    }

    void send(ApiReply reply) {
        HttpServerResponse response = routing.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.putHeader("cf-ray", ray() + "-" + config.colo());
        for (Map.Entry<String, String> header : reply.headers().entrySet()) {
            response.putHeader(header.getKey(), header.getValue());
        }
        switch (reply) {
            case ApiReply.Result result -> json(200, Envelope.of(result.result(), result.messages()));
            case ApiReply.Listed listed ->
                json(
                        200,
                        Envelope.of(listed.page().items())
                                .put("result_info", listed.page().resultInfo()));
            case ApiReply.Streamed streamed ->
                response.putHeader("Content-Type", streamed.contentType()).end(); // HEAD: its length is not known
            case ApiReply.Failed failed -> json(failed.error().status(), Envelope.of(failed.error()));
            case ApiReply.Raw raw ->
                response.setStatusCode(raw.status())
                        .putHeader("Content-Type", raw.contentType())
                        .end(raw.body());
        }
    }

    private void json(int status, JsonObject body) {
        routing.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.toBuffer());
    }

    private static String ray() {
        return String.format("%016x", ThreadLocalRandom.current().nextLong());
    }
}
