package io.anycastle.app.cli;

import io.anycastle.app.api.Readiness;
import io.anycastle.app.lifecycle.EventLoops;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.multipart.MultipartForm;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Calls a node's admin API; what the node refuses becomes a {@link CommandException}. One command, one client; blocks. */
final class NodeClient implements AutoCloseable {
    private static final long ANSWER_SECONDS = 60;
    private static final long UPLOAD_SECONDS = 3600;
    private static final long FOLLOW_SECONDS = Long.MAX_VALUE;
    private static final int CONNECT_MS = 5000;
    /** How long a node that has just started is waited for until it takes changes. */
    private static final long START_SECONDS = 15;

    private static final int PER_PAGE = 5000;

    private final String base;
    private final String token;
    private final Vertx vertx = Vertx.vertx(EventLoops.withoutFolder());
    private final WebClient client = WebClient.create(
            vertx, new WebClientOptions().setFollowRedirects(false).setConnectTimeout(CONNECT_MS));

    NodeClient(String server, String token) {
        this.base = base(server);
        this.token = token;
    }

    private static String base(String server) {
        String url = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
        String scheme = URI.create(url).getScheme();
        if (scheme == null || !List.of("http", "https").contains(scheme.toLowerCase(Locale.ROOT))) {
            throw CommandException.usage(
                    "--server: expected a URL such as " + NodeOptions.SERVER_DEFAULT + ", found '" + server + "'");
        }
        return url.endsWith("/client/v4") ? url : url + "/client/v4";
    }

    /** {@code ?a=b&c=d} of what is not empty. */
    static String query(Map<String, String> parameters) {
        String query = parameters.entrySet().stream()
                .filter(parameter -> !parameter.getValue().isEmpty())
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }

    /** The result object of a call. */
    JsonObject call(HttpMethod method, String path, @Nullable JsonObject body) {
        HttpRequest<Buffer> request = request(method, path);
        return result(patiently(() -> body == null ? request.send() : request.sendJsonObject(body), ANSWER_SECONDS));
    }

    /** The whole envelope of a call, with what the node has to say of its success. */
    JsonObject envelope(HttpMethod method, String path, JsonObject body) {
        return envelope(patiently(() -> request(method, path).sendJsonObject(body), ANSWER_SECONDS));
    }

    private HttpRequest<Buffer> request(HttpMethod method, String path) {
        return client.requestAbs(method, base + path).putHeader("Authorization", "Bearer " + token);
    }

    /** The result of a read that answers a list without pages. */
    List<JsonObject> array(String path) {
        return JsonFields.objects(envelope(await(request(HttpMethod.GET, path).send(), ANSWER_SECONDS)), "result");
    }

    JsonObject read(String path) {
        return call(HttpMethod.GET, path, null);
    }

    /** All pages of a list. */
    List<JsonObject> list(String path, Map<String, String> parameters) {
        List<JsonObject> all = new ArrayList<>();
        for (int page = 1; ; page++) {
            Map<String, String> paged = new LinkedHashMap<>(parameters);
            paged.put("page", String.valueOf(page));
            paged.put("per_page", String.valueOf(PER_PAGE));
            JsonObject envelope =
                    envelope(await(request(HttpMethod.GET, path + query(paged)).send(), ANSWER_SECONDS));
            List<JsonObject> items = JsonFields.objects(envelope, "result");
            all.addAll(items);
            if (items.isEmpty()
                    || all.size() >= envelope.getJsonObject("result_info").getInteger("total_count")) {
                return all;
            }
        }
    }

    /** A call that answers plain text. */
    String text(String path) {
        HttpResponse<Buffer> response = await(request(HttpMethod.GET, path).send(), UPLOAD_SECONDS);
        if (response.statusCode() != 200) {
            result(response);
        }
        String text = response.bodyAsString();
        return text == null ? "" : text;
    }

    /** Streams what a call answers into the file. */
    void download(String path, Path file) {
        AsyncFile target = open(file, new OpenOptions().setTruncateExisting(true));
        HttpResponse<Void> response =
                await(request(HttpMethod.GET, path).as(BodyCodec.pipe(target)).send(), UPLOAD_SECONDS);
        if (response.statusCode() != 200) {
            throw refusal(response.statusCode(), vertx.fileSystem().readFileBlocking(file.toString()));
        }
    }

    /** Takes the lines of an answer that goes on and on, until the node ends it. Blocks. */
    void follow(String path, Consumer<String> taker) {
        RequestOptions options = new RequestOptions()
                .setAbsoluteURI(base + path)
                .putHeader("Authorization", "Bearer " + token)
                .setConnectTimeout(CONNECT_MS);
        HttpClient lines = vertx.createHttpClient();
        await(
                lines.request(options)
                        .compose(HttpClientRequest::send)
                        .compose(response -> response.statusCode() == 200
                                ? lines(response, taker)
                                : response.body()
                                        .compose(body -> Future.failedFuture(refusal(response.statusCode(), body)))),
                FOLLOW_SECONDS);
    }

    private static Future<Void> lines(HttpClientResponse response, Consumer<String> taker) {
        response.handler(RecordParser.newDelimited("\n", line -> taker.accept(line.toString(StandardCharsets.UTF_8))));
        return response.end();
    }

    /** Streams the file as the body of a call and returns the answer's lines, each a JSON object. */
    List<JsonObject> send(HttpMethod method, String path, Path file) {
        AsyncFile source = open(file, new OpenOptions().setWrite(false).setCreate(false));
        HttpResponse<Buffer> response = await(
                request(method, path)
                        .putHeader("Content-Type", "application/octet-stream")
                        .sendStream(source),
                UPLOAD_SECONDS);
        Buffer body = response.body() == null ? Buffer.buffer() : response.body();
        if (response.statusCode() != 200) {
            throw refusal(response.statusCode(), body);
        }
        return body.toString(StandardCharsets.UTF_8)
                .lines()
                .map(JsonObject::new)
                .toList();
    }

    private AsyncFile open(Path file, OpenOptions options) {
        try {
            return await(vertx.fileSystem().open(file.toAbsolutePath().toString(), options), ANSWER_SECONDS);
        } catch (CommandException e) {
            throw CommandException.of(file + ": cannot be opened");
        }
    }

    private RuntimeException refusal(int status, Buffer body) {
        try {
            JsonArray errors = body.toJsonObject().getJsonArray("errors");
            if (errors != null) {
                return new RefusedCallException(status, errors);
            }
        } catch (DecodeException | ClassCastException e) {
            // no envelope
        }
        return noEnvelope(status);
    }

    private CommandException noEnvelope(int status) {
        return CommandException.of(
                base + " answered HTTP " + status + " and no API envelope; is it an Anycastle node?");
    }

    /** Streams a file as the form's {@code file}, and returns the whole envelope. */
    JsonObject upload(String path, Path file, Map<String, String> fields) {
        MultipartForm form = MultipartForm.create();
        fields.forEach(form::attribute);
        form.binaryFileUpload(
                "file",
                String.valueOf(file.getFileName()),
                file.toAbsolutePath().toString(),
                "text/dns");
        HttpResponse<Buffer> response =
                patiently(() -> request(HttpMethod.POST, path).sendMultipartForm(form), UPLOAD_SECONDS);
        return envelope(response);
    }

    /** Sends, and once more where the node had only just started and takes changes soon. */
    private HttpResponse<Buffer> patiently(Supplier<Future<HttpResponse<Buffer>>> sending, long seconds) {
        HttpResponse<Buffer> response = await(sending.get(), seconds);
        return response.statusCode() == 503 && isNothingChanged(response) && takesChangesSoon()
                ? await(sending.get(), seconds)
                : response;
    }

    private boolean isNothingChanged(HttpResponse<Buffer> response) {
        return refusal(503, response.body() == null ? Buffer.buffer() : response.body())
                        instanceof RefusedCallException refused
                && refused.isFinal();
    }

    private boolean takesChangesSoon() {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        String ready = base.replaceFirst("/client/v4$", "") + "/readyz?writes";
        while (System.nanoTime() < until) {
            HttpResponse<Buffer> told = await(client.getAbs(ready).send(), ANSWER_SECONDS);
            if (told.statusCode() == 200 || !String.valueOf(told.bodyAsString()).contains(Readiness.CLUSTER_LAYER)) {
                return told.statusCode() == 200;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
        return false;
    }

    private JsonObject result(HttpResponse<Buffer> response) {
        JsonObject result = envelope(response).getJsonObject("result");
        return result == null ? new JsonObject() : result;
    }

    private JsonObject envelope(HttpResponse<Buffer> response) {
        JsonObject envelope;
        try {
            envelope = response.bodyAsJsonObject();
        } catch (DecodeException e) {
            envelope = null;
        }
        if (envelope == null || !envelope.containsKey("success")) {
            throw noEnvelope(response.statusCode());
        }
        if (!envelope.getBoolean("success")) {
            throw new RefusedCallException(response.statusCode(), envelope.getJsonArray("errors"));
        }
        return envelope;
    }

    private <T> T await(Future<T> sent, long seconds) {
        try {
            return sent.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof RefusedCallException refusal) {
                throw refusal;
            }
            throw CommandException.of(
                    "no answer from " + base + ": " + cause.getMessage() + "; is the node running ('edge run')?");
        } catch (TimeoutException e) {
            throw CommandException.of("no answer from " + base + " in " + seconds + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.of("interrupted");
        }
    }

    @Override
    public void close() {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
