package io.anycastle.app;

import io.anycastle.app.api.AdminToken;
import io.anycastle.app.cli.Screen;
import io.anycastle.app.config.ClusterKeys;
import io.anycastle.app.config.DnsKeys;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.Keys;
import io.anycastle.app.config.ListenerAddress;
import io.anycastle.app.lifecycle.EdgeNode;
import io.anycastle.core.view.EdgeView;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** A real node in this process, on free ports of loopback, and ways to ask it. */
public final class TestNode implements AutoCloseable {
    /** Ten times what the slowest takes on a busy machine: it only ever passes where something is broken. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final EdgeNode node;
    private final String token;
    private final Path folder;
    private final boolean isFolderOurs;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestNode(EdgeNode node, Path data, Path folder, boolean isFolderOurs) {
        this.node = node;
        token = AdminToken.readFrom(data).orElseThrow();
        this.folder = folder;
        this.isFolderOurs = isFolderOurs;
    }

    /** Starts one with a folder of its own, which goes with it: for all tests of a class. */
    public static TestNode start() {
        return start(config -> config);
    }

    /** The same with other settings. */
    public static TestNode start(UnaryOperator<EdgeConfig> settings) {
        try {
            Path folder = Files.createTempDirectory("anycastle-node");
            Path data = folder.resolve("anycastle-data");
            return new TestNode(joined(EdgeNode.start(settings.apply(config(data)))), data, folder, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static TestNode start(Path folder) {
        return start(folder, config -> config);
    }

    /** Starts and waits until changes are taken. */
    public static TestNode start(Path folder, UnaryOperator<EdgeConfig> settings) {
        EdgeNode node = joined(EdgeNode.start(settings.apply(config(folder))));
        return new TestNode(node, folder, folder, false);
    }

    /** Starts a node that first joins a cluster, and waits until changes are taken. */
    public static TestNode joined(EdgeConfig config, String joinToken) {
        Path folder = config.value(Keys.DATA);
        EdgeNode node = joined(EdgeNode.start(config, Optional.of(joinToken)));
        return new TestNode(node, folder, folder, false);
    }

    private static EdgeNode joined(EdgeNode node) {
        await("the store is joined", () -> node.store().status().joined());
        return node;
    }

    /** Everything on free ports of loopback. */
    public static EdgeConfig config(Path folder) {
        List<ListenerAddress> free = List.of(new ListenerAddress(InetAddress.ofLiteral("127.0.0.1"), 0, 80));
        return EdgeConfig.DEFAULTS
                .with(Keys.DATA, folder)
                .with(DnsKeys.LISTEN, free)
                .with(Keys.HTTP_LISTEN, free)
                .with(Keys.ADMIN_LISTEN, free)
                .with(Keys.EDGE_ADDRESSES, List.of(InetAddress.ofLiteral("198.51.100.1")))
                .with(Keys.DRAIN_TIME, Duration.ZERO)
                .with(ClusterKeys.PORT, 0);
    }

    public static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    /**
     * Waits until both hold and answer the same. A change is on the disk, and in the digest, a moment before it is in what is answered.
     */
    public static void awaitSame(TestNode a, TestNode b) {
        await("equal stores", () -> a.node.store().digest() == b.node.store().digest() && hasSameView(a, b));
    }

    private static boolean hasSameView(TestNode a, TestNode b) {
        EdgeView one = a.node.store().view().get();
        EdgeView other = b.node.store().view().get();
        return one.zones().equals(other.zones()) && one.account().equals(other.account());
    }

    public EdgeNode node() {
        return node;
    }

    public String token() {
        return token;
    }

    /** Where it was started, and where its data are in {@code anycastle-data} if it made the folder itself. */
    public Path folder() {
        return folder;
    }

    /** A terminal in that folder. */
    public Screen screen() {
        return screen(folder);
    }

    /** A terminal in a folder, whose commands reach this node. */
    public Screen screen(Path at) {
        return new Screen(at, Map.of("ANYCASTLE_SERVER", server(), "ANYCASTLE_TOKEN", token));
    }

    public InetSocketAddress admin() {
        return node.adminAddresses().getFirst();
    }

    /** The admin listener's URL without a path. */
    public String server() {
        return "http://127.0.0.1:" + admin().getPort();
    }

    public Answer get(String path) {
        return call("GET", path, "");
    }

    public Answer post(String path, JsonObject body) {
        return call("POST", path, body.encode());
    }

    /** A call below {@code /client/v4} with the token. */
    public Answer call(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = request(method, "/client/v4" + path, body, headers);
        return send(request.header("Authorization", "Bearer " + token));
    }

    /** A call of any path with just these headers. */
    public Answer bare(String method, String path, String... headers) {
        return send(request(method, path, "", headers));
    }

    private HttpRequest.Builder request(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server() + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            return Answer.of(http.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Adds a zone and returns its id. */
    public String addZone(String name) {
        return post("/zones", new JsonObject().put("name", name)).result().getString("id");
    }

    /** Adds a record and returns it. */
    public JsonObject addRecord(String zone, String name, String type, String content) {
        return post(
                        "/zones/" + zone + "/dns_records",
                        new JsonObject().put("name", name).put("type", type).put("content", content))
                .result();
    }

    /** Adds a proxied record of type A and returns it. */
    public JsonObject addProxied(String zone, String name, String content) {
        JsonObject record = new JsonObject().put("name", name).put("type", "A").put("content", content);
        return post("/zones/" + zone + "/dns_records", record.put("proxied", true))
                .done()
                .result();
    }

    /** Uploads a zone file, and with it what a client says of the proxy. */
    public Answer importFile(String zone, String file, boolean proxied) {
        String body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.zone\"\r\n\r\n" + file
                + "\r\n--b\r\nContent-Disposition: form-data; name=\"proxied\"\r\n\r\n" + proxied + "\r\n--b--\r\n";
        String type = "multipart/form-data; boundary=b";
        return call("POST", "/zones/" + zone + "/dns_records/import", body, "Content-Type", type);
    }

    /** The zone as a file. */
    public String export(String zone) {
        return get("/zones/" + zone + "/dns_records/export").text();
    }

    /** The contents that DNS answers, sorted; the code when it is not NOERROR. */
    public String dns(String name, String type) {
        Message answer = ask(name, type);
        Set<String> contents = answer.getSection(Section.ANSWER).stream()
                .map(Record::rdataToString)
                .collect(Collectors.toCollection(TreeSet::new));
        String code = org.xbill.DNS.Rcode.string(answer.getRcode());
        return code.equals("NOERROR") ? String.join(" ", contents) : code;
    }

    /** What DNS answers. */
    public Message ask(String name, String type) {
        try {
            return resolver()
                    .send(Message.newQuery(Record.newRecord(Name.fromString(name + "."), Type.value(type), DClass.IN)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SimpleResolver resolver() throws IOException {
        SimpleResolver resolver = new SimpleResolver(node.dnsAddresses().getFirst());
        resolver.setTimeout(PATIENCE);
        return resolver;
    }

    @Override
    public void close() {
        http.close();
        node.close();
        if (isFolderOurs) {
            removeFolder();
        }
    }

    private void removeFolder() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
