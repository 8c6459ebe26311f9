package io.anycastle.app;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Starts three nodes as a user does and prints the figures of the cluster. Run by {@code src/bench/cluster.sh}. */
final class ClusterFigures implements AutoCloseable {
    private static final int NODES = 3;
    private static final int IMPORT = 100_000;
    private static final int FILL = 25_000;
    private static final int WARM_UP = 300;
    private static final int CHANGES = 1_000;
    private static final int RATE = 10_000;
    private static final int MISSED = 1_000;
    private static final Duration IDLE_WINDOW = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path folder;
    private final List<Node> nodes = new ArrayList<>();
    private final ExecutorService pollers = Executors.newFixedThreadPool(NODES);
    private String zone = "";

    private ClusterFigures(Path folder) throws IOException {
        this.folder = folder;
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            ports.add(freePort());
        }
        for (int i = 0; i < NODES; i++) {
            nodes.add(new Node(folder, i, ports));
        }
    }

    public static void main(String[] args) throws Exception {
        int records = Integer.parseInt(args[0]);
        Path folder = Files.createTempDirectory("cluster-figures");
        try (ClusterFigures figures = new ClusterFigures(folder)) {
            figures.measure(records);
        } finally {
            delete(folder);
        }
    }

    private void measure(int records) throws Exception {
        for (Node node : nodes) {
            node.start();
            node.awaitServing();
        }
        until("three members", () -> nodes.getFirst().number("members") == NODES);
        zone = text(nodes.getFirst().call("POST", "/zones", "{\"name\":\"bench.test\"}"), "id");
        String record = text(
                nodes.getFirst()
                        .call(
                                "POST",
                                "/zones/" + zone + "/dns_records",
                                "{\"type\":\"A\",\"name\":\"c\",\"content\":\"10.0.0.0\",\"ttl\":60}"),
                "id");
        changes(record, -WARM_UP, "");
        changes(record, 0, "a change, from the API call to the changed answer of all three nodes");
        try (Load load = new Load(nodes)) {
            changes(record, CHANGES, "the same while each node answers 10,000 queries a second");
            tell("queries answered under that load", load.answered() + " of " + load.sent());
        }
        imported(Math.min(records, IMPORT));
        for (int from = IMPORT; from < records; from += FILL) {
            importTo(nodes.get(1), from, Math.min(records, from + FILL));
        }
        awaitEqual();
        until("the cluster maps are written", () -> nodes.get(1).number("map_backlog") == 0);
        away();
        empty();
    }

    /** Each change goes to another node than the one before. */
    private void changes(String record, int from, String what) throws Exception {
        int count = what.isEmpty() ? WARM_UP : CHANGES;
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            int value = from + i + WARM_UP + 1;
            byte[] address = {10, (byte) (value >> 16), (byte) (value >> 8), (byte) value};
            List<Future<Long>> seen = new ArrayList<>();
            for (Node node : nodes) {
                seen.add(pollers.submit(() -> node.awaitAnswer("c.bench.test", address)));
            }
            long begun = System.nanoTime();
            String content = InetAddress.getByAddress(address).getHostAddress();
            nodes.get(i % NODES)
                    .call("PATCH", "/zones/" + zone + "/dns_records/" + record, "{\"content\":\"" + content + "\"}");
            for (Future<Long> one : seen) {
                nanos[i] = Math.max(nanos[i], one.get() - begun);
            }
        }
        Arrays.sort(nanos);
        if (!what.isEmpty()) {
            tell(
                    what,
                    "p50 %.1f ms, p99 %.1f ms, max %.1f ms"
                            .formatted(nanos[count / 2] / 1e6, nanos[count * 99 / 100] / 1e6, nanos[count - 1] / 1e6));
        }
    }

    private void imported(int records) throws Exception {
        long begun = System.nanoTime();
        importTo(nodes.get(1), 0, records);
        long answered = System.nanoTime();
        for (Node node : nodes) {
            node.awaitAnswer("i" + (records - 1) + ".bench.test", new byte[] {(byte) 192, 0, 2, 1});
        }
        tell("import of " + records + " records, from the API call to the answers of all three nodes", since(begun));
        tell("of which the API call took", (answered - begun) / 1_000_000 + " ms");
    }

    private void importTo(Node node, int from, int to) throws Exception {
        StringBuilder file = new StringBuilder("$ORIGIN bench.test.\n");
        for (int i = from; i < to; i++) {
            file.append('i').append(i).append(" 300 IN A 192.0.2.1\n");
        }
        node.upload("/zones/" + zone + "/dns_records/import", file.toString());
    }

    /** Kills a node, lets it miss changes, starts it again. */
    private void away() throws Exception {
        Node node = nodes.get(2);
        node.kill();
        until("two members", () -> nodes.getFirst().number("members") == NODES - 1);
        for (int i = 0; i < MISSED; i += 100) {
            StringBuilder file = new StringBuilder("$ORIGIN bench.test.\n");
            for (int r = i; r < i + 100; r++) {
                file.append('m').append(r).append(" 300 IN A 192.0.2.2\n");
            }
            nodes.getFirst().upload("/zones/" + zone + "/dns_records/import", file.toString());
        }
        long records = nodes.getFirst().number("records");
        awaitIdle();
        long begun = System.nanoTime();
        node.start();
        node.awaitAnswer("i0.bench.test", new byte[] {(byte) 192, 0, 2, 1});
        tell(
                "a node with " + (records - MISSED) + " records on its disk, killed: from its start to its answers",
                since(begun));
        until("three members", () -> node.number("members") == NODES);
        begun = System.nanoTime();
        awaitEqual();
        tell("reconciling those, of which " + MISSED + " differ, from joining until all are equal", since(begun));
    }

    private void empty() throws Exception {
        Node node = nodes.get(2);
        long records = nodes.getFirst().number("records");
        until("the cluster maps are written", () -> nodes.get(1).number("map_backlog") == 0);
        node.kill();
        until("two members", () -> nodes.getFirst().number("members") == NODES - 1);
        node.wipe();
        awaitIdle();
        long begun = System.nanoTime();
        node.start();
        node.awaitAnswer("i0.bench.test", new byte[] {(byte) 192, 0, 2, 1});
        tell("an empty node, from its start to its answers for " + records + " records", since(begun));
        awaitEqual();
    }

    private void awaitEqual() throws Exception {
        until("all nodes hold the same", () -> {
            Set<String> digests = new HashSet<>();
            for (Node node : nodes) {
                digests.add(text(node.call("GET", "/edge/status", ""), "digest"));
            }
            return digests.size() == 1;
        });
    }

    /** The others repair their maps when a node is killed, on the cores that the next start is measured on. */
    private void awaitIdle() throws Exception {
        until("the living nodes are idle", () -> {
            Duration before = cpu();
            LockSupport.parkNanos(IDLE_WINDOW.toNanos());
            return cpu().minus(before).compareTo(IDLE_WINDOW.dividedBy(10)) < 0;
        });
    }

    private Duration cpu() {
        return nodes.stream()
                .map(node -> node.process.toHandle())
                .filter(ProcessHandle::isAlive)
                .map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static void until(String what, Callable<Boolean> holds) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.call()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("not within " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    private static String since(long begun) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) + " ms";
    }

    private static void tell(String what, String figure) {
        System.out.printf("%-95s %s%n", what, figure);
    }

    /** The first value of that field, wherever it is. */
    private static String text(String json, String field) throws IOException {
        Matcher found = Pattern.compile("\"" + field + "\":\"?([^\",}]*)").matcher(json);
        if (!found.find()) {
            throw new IOException("no " + field + " in " + json);
        }
        return found.group(1);
    }

    private static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 30_000);
            try (ServerSocket tcp = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                    DatagramSocket udp = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
                return udp.getLocalPort() == tcp.getLocalPort() ? port : freePort();
            } catch (IOException e) {
                // taken: another one
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        pollers.shutdownNow();
        for (Node node : nodes) {
            node.kill();
        }
    }

    /** A node: a process of its own, with a folder and ports of its own. */
    private static final class Node {
        private final Path data;
        private final Path config;
        private final Path log;
        private final int dnsPort = freePort();
        private final int adminPort = freePort();
        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private Process process = new ProcessBuilder("true").start();

        Node(Path folder, int index, List<Integer> ports) throws IOException {
            data = folder.resolve("data" + index);
            log = folder.resolve("log" + index);
            String members = String.join(
                    ", ",
                    ports.stream().map(port -> "\"127.0.0.1:" + port + "\"").toList());
            config = Files.writeString(folder.resolve("node" + index + ".yml"), """
                    node: {id: n%d}
                    edge: {addresses: [198.51.100.1]}
                    dns: {listen: [{address: 127.0.0.1, port: %d}]}
                    http: {listen: [{address: 127.0.0.1, port: 0, public-port: 80}]}
                    admin: {listen: [{address: 127.0.0.1, port: %d}]}
                    cluster: {mode: plain, bind: 127.0.0.1, port: %d, members: [%s]}
                    data: %s
                    """.formatted(
                            index, dnsPort, adminPort, ports.get(index), members, data));
        }

        void start() throws IOException {
            process = new ProcessBuilder("./edge", "run", "--config", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        }

        void awaitServing() throws Exception {
            until(
                    "the node serves",
                    () -> Files.exists(data.resolve("admin.token"))
                            && Files.readString(log).contains("ready, "));
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        void wipe() throws IOException {
            String token = Files.readString(data.resolve("admin.token"));
            delete(data);
            Files.createDirectories(data);
            Path file = Files.writeString(data.resolve("admin.token"), token);
            Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        }

        long number(String field) throws IOException, InterruptedException {
            try {
                return Long.parseLong(text(call("GET", "/edge/status", ""), field));
            } catch (java.net.ConnectException e) {
                return -1; // it does not listen yet
            }
        }

        private HttpRequest.Builder request(String path) throws IOException {
            return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/client/v4" + path))
                    .timeout(PATIENCE)
                    .header(
                            "Authorization",
                            "Bearer "
                                    + Files.readString(data.resolve("admin.token"))
                                            .strip());
        }

        String call(String method, String path, String body) throws IOException, InterruptedException {
            return send(request(path).method(method, HttpRequest.BodyPublishers.ofString(body)));
        }

        void upload(String path, String file) throws IOException, InterruptedException {
            String body = "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"zone\"\r\n\r\n" + file
                    + "\r\n--cut--\r\n";
            send(request(path)
                    .header("Content-Type", "multipart/form-data; boundary=cut")
                    .POST(HttpRequest.BodyPublishers.ofString(body)));
        }

        private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        }

        /** Asks until the answer is that one address; returns when it came, by {@link System#nanoTime}. */
        long awaitAnswer(String name, byte[] address) throws IOException {
            byte[] query = query(name);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                socket.setSoTimeout(100);
                DatagramPacket answer = new DatagramPacket(new byte[512], 512);
                while (System.nanoTime() < deadline) {
                    socket.send(new DatagramPacket(query, query.length, InetAddress.getLoopbackAddress(), dnsPort));
                    try {
                        socket.receive(answer);
                        if (holds(answer, address)) {
                            return System.nanoTime();
                        }
                    } catch (SocketTimeoutException e) {
                        continue; // not up yet
                    }
                    LockSupport.parkNanos(300_000);
                }
            }
            throw new IOException(name + " does not become " + Arrays.toString(address));
        }

        /** One answer, and the message ends with its address. */
        private static boolean holds(DatagramPacket answer, byte[] address) {
            byte[] bytes = answer.getData();
            int length = answer.getLength();
            return bytes[7] == 1 && Arrays.equals(bytes, length - 4, length, address, 0, 4);
        }
    }

    private static byte[] query(String name) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(new byte[] {0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : name.split("\\.")) {
            out.writeByte(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeByte(0);
        out.writeShort(1);
        out.writeShort(1);
        return bytes.toByteArray();
    }

    /** Asks each node so many queries a second from a thread of its own. */
    private static final class Load implements AutoCloseable {
        private final List<Thread> threads = new ArrayList<>();
        private final long[] sent = new long[NODES];
        private final long[] answered = new long[NODES];
        private volatile boolean closing;

        Load(List<Node> nodes) {
            for (int i = 0; i < nodes.size(); i++) {
                int index = i;
                int port = nodes.get(i).dnsPort;
                threads.add(Thread.ofPlatform().start(() -> ask(index, port)));
            }
        }

        private void ask(int index, int port) {
            try (DatagramChannel channel = DatagramChannel.open()) {
                channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                channel.configureBlocking(false);
                ByteBuffer query = ByteBuffer.wrap(query("c.bench.test"));
                ByteBuffer answer = ByteBuffer.allocateDirect(512);
                long begun = System.nanoTime();
                while (!closing) {
                    long due = (System.nanoTime() - begun) * RATE / 1_000_000_000L;
                    for (; sent[index] < due; sent[index]++) {
                        channel.write(query.rewind());
                    }
                    LockSupport.parkNanos(1_000_000);
                    while (channel.read(answer.clear()) > 0) {
                        answered[index]++;
                    }
                }
                LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
                while (channel.read(answer.clear()) > 0) {
                    answered[index]++;
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private void end() throws InterruptedException {
            closing = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }

        long sent() throws InterruptedException {
            end();
            return Arrays.stream(sent).sum();
        }

        long answered() throws InterruptedException {
            end();
            return Arrays.stream(answered).sum();
        }

        @Override
        public void close() throws InterruptedException {
            end();
        }
    }
}
