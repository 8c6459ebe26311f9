package io.anycastle.app.proof;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** A node in a container of its own: clients reach it on one network, the other nodes on another, which can be cut. */
final class ProofNode implements AutoCloseable {
    /** Longer than any answer may take, so that one that comes late is told apart from none. */
    static final Duration CALL_MAX = Duration.ofSeconds(40);

    private final DockerClient docker;
    private final ProofNetworks networks;
    private final int number;
    private final Path data;
    private final String container;
    private final HttpClient http;
    private volatile String token = "";

    ProofNode(DockerClient docker, String image, ProofNetworks networks, int number, Path folder) throws IOException {
        this.docker = docker;
        this.networks = networks;
        this.number = number;
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(20))
                .build();
        data = Files.createDirectories(folder.resolve("node" + number));
        Files.setPosixFilePermissions(data, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
        Path config = Files.writeString(folder.resolve("node" + number + ".yml"), config());
        container = docker.createContainerCmd(image)
                .withHostConfig(HostConfig.newHostConfig()
                        .withNetworkMode(networks.clients())
                        .withMemory(700L << 20)
                        .withBinds(
                                new Bind(data.toString(), new Volume("/var/lib/anycastle")),
                                new Bind(config.toString(), new Volume("/etc/anycastle/edge.yml"))))
                .withIpv4Address(networks.clientAddress(number))
                .exec()
                .getId();
        connect();
    }

    private String config() {
        StringBuilder members = new StringBuilder();
        for (int i = 1; i <= ProofNetworks.NODES; i++) {
            members.append(i == 1 ? "" : ", ").append(networks.memberAddress(i)).append(":5701");
        }
        return """
                node: {id: n%d}
                edge: {addresses: [198.51.100.1]}
                dns: {listen: [{address: 0.0.0.0, port: 53}]}
                http: {listen: [{address: 0.0.0.0, port: 80}]}
                admin: {listen: [{address: 0.0.0.0, port: 8053}]}
                proxy: {warm-up: 0s}
                cluster: {mode: plain, bind: %s, members: [%s], compare-interval: 5s}
                data: /var/lib/anycastle
                """.formatted(number, networks.memberAddress(number), members);
    }

    String id() {
        return "n" + number;
    }

    void start() {
        docker.startContainerCmd(container).exec();
    }

    /** Sends a signal to the node's process; KILL, STOP and CONT act at once. */
    void signal(String signal) {
        docker.killContainerCmd(container).withSignal(signal).exec();
    }

    /** Whether any thread of the node's process can run: a stop reaches them one after the other. */
    boolean isRunning() throws IOException {
        Long pid = docker.inspectContainerCmd(container).exec().getState().getPidLong();
        if (pid == null || pid == 0) {
            return false;
        }
        try (Stream<Path> threads = Files.list(Path.of("/proc", pid.toString(), "task"))) {
            return threads.anyMatch(thread -> !isStopped(thread));
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private static boolean isStopped(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return "TZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
        } catch (IOException gone) {
            return true;
        }
    }

    /** Cuts the node off from the others; clients still reach it. */
    void disconnect() {
        docker.disconnectFromNetworkCmd()
                .withNetworkId(networks.members())
                .withContainerId(container)
                .withForce(true)
                .exec();
    }

    void connect() {
        docker.connectToNetworkCmd()
                .withNetworkId(networks.members())
                .withContainerId(container)
                .withContainerNetwork(new ContainerNetwork()
                        .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(networks.memberAddress(number))))
                .exec();
    }

    /**
     * An answer of the admin API.
     *
     * @param version the zone's, as an entity tag; empty where none is told
     */
    record Answer(int status, String version, JsonObject json) {
        JsonArray results() {
            return json.getJsonArray("result", new JsonArray());
        }

        boolean isUnknown() {
            return json.encode().contains("10504");
        }

        /** Whether nothing was changed, and for sure. */
        boolean isRefused() {
            return status == 503 && json.encode().contains("10503");
        }
    }

    /** @throws IOException when there is no answer, so that nobody knows what happened */
    Answer call(String method, String path, String body) throws IOException, InterruptedException {
        return call(method, path, body, "");
    }

    /** @param version that the zone must have; empty for any */
    Answer call(String method, String path, String body, String version) throws IOException, InterruptedException {
        if (token.isEmpty()) {
            token = Files.readString(data.resolve("admin.token")).strip();
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + networks.clientAddress(number) + ":8053/client/v4" + path))
                .timeout(CALL_MAX)
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!version.isEmpty()) {
            request.header("If-Match", version);
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("ETag").orElse(""),
                new JsonObject(response.body()));
    }

    /** Whether the node answers a DNS query within the time. */
    boolean answersDns(Duration timeout) throws IOException {
        SimpleResolver resolver = new SimpleResolver(InetAddress.ofLiteral(networks.clientAddress(number)));
        resolver.setTimeout(timeout);
        Message answer = resolver.send(Message.newQuery(
                org.xbill.DNS.Record.newRecord(Name.fromString("probe.proof.test."), Type.A, DClass.IN)));
        List<org.xbill.DNS.Record> records = answer.getSection(Section.ANSWER);
        return answer.getRcode() == Rcode.NOERROR
                && records.size() == 1
                && records.getFirst() instanceof ARecord a
                && Objects.equals(a.getAddress(), InetAddress.ofLiteral("192.0.2.1"));
    }

    /** All records of the zone as {@code name type content}. */
    List<String> records(String zone) throws IOException, InterruptedException {
        List<String> records = new ArrayList<>();
        for (int page = 1; ; page++) {
            JsonArray found = call("GET", "/zones/" + zone + "/dns_records?per_page=5000&page=" + page, "")
                    .results();
            for (int i = 0; i < found.size(); i++) {
                JsonObject record = found.getJsonObject(i);
                records.add(
                        record.getString("name") + " " + record.getString("type") + " " + record.getString("content"));
            }
            if (found.size() < 5000) {
                return records.stream().sorted().toList();
            }
        }
    }

    String logs() {
        StringBuilder text = new StringBuilder();
        try {
            docker.logContainerCmd(container)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withTail(200)
                    .exec(
                            new com.github.dockerjava.api.async.ResultCallback.Adapter<
                                    com.github.dockerjava.api.model.Frame>() {
                                @Override
                                public void onNext(com.github.dockerjava.api.model.Frame frame) {
                                    text.append(
                                            new String(frame.getPayload(), java.nio.charset.StandardCharsets.UTF_8));
                                }
                            })
                    .awaitCompletion();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return text.toString();
    }

    @Override
    public void close() {
        docker.removeContainerCmd(container)
                .withForce(true)
                .withRemoveVolumes(true)
                .exec();
        http.close();
    }
}
