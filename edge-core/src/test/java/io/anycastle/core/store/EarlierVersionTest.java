package io.anycastle.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.OriginDraft;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an earlier version left and said is understood: {@code earlier/data.zip} is its data folder with a snapshot and logs, {@code
 * earlier/earlier.backup} its backup, {@code earlier/node.jar} its edge-core with {@code EarlierNode.java.txt} compiled against it.
 */
final class EarlierVersionTest {
    private static final DomainName ZONE = DomainName.of("fixture.example");

    /** As that version told it of its data folder. */
    private static final long DIGEST = -833292699022922L;

    private static final int RECORDS_IN_BACKUP = 416;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void its_data_folder_is_read() throws IOException {
        try (ClusteredStore store =
                ClusteredStore.openAlone(Stores.config(data("alone")), Stores.RULES, InstantSource.system())) {
            assertThat(store.digest()).isEqualTo(DIGEST);
            ZoneState zone = store.view().get().zone(ZONE).orElseThrow();
            assertThat(zone.at(DomainName.of("www.fixture.example"))
                            .orElseThrow()
                            .records())
                    .extracting(record -> record.type() + " " + record.content() + " " + record.proxied())
                    .containsExactlyInAnyOrder("A 192.0.2.1 true", "AAAA 2001:db8::1 true");
            assertThat(zone.at(DomainName.of("noted.fixture.example"))
                            .orElseThrow()
                            .records())
                    .extracting(record -> record.comment())
                    .containsExactly("kept");
            assertThat(zone.at(DomainName.of("svc.fixture.example"))
                            .orElseThrow()
                            .records())
                    .extracting(record -> record.type())
                    .containsExactly(RecordType.HTTPS);
            assertThat(store.view().get().zone(DomainName.of("gone.example"))).isEmpty();
        }
    }

    @Test
    void its_backup_is_restored() throws Exception {
        Path backup = copy("earlier.backup", folder.resolve("earlier.backup"));
        try (ClusteredStore store = Stores.open(folder.resolve("empty"))) {
            var options = new Restoration.Options(false, true, key -> true, 100);
            Restoration restoration = Restoration.check(backup, store, Stores.RULES, options);
            assertThat(restoration.run(change -> {})).isInstanceOf(Restoration.Ending.Restored.class);
            assertThat(store.status().records()).isEqualTo(RECORDS_IN_BACKUP);
        }
    }

    @Test
    void its_running_node_is_clustered_with() throws Exception {
        Path jar = copy("node.jar", folder.resolve("node.jar"));
        List<Integer> ports = List.of(Trio.freePort(), Trio.freePort());
        String cluster = "mixed-" + ports.getFirst();
        try (Earlier earlier = Earlier.start(jar, data("earlier"), cluster, ports);
                ClusteredStore store = ClusteredStore.open(
                        config(folder.resolve("new"), cluster, ports), Stores.RULES, InstantSource.system())) {
            Stores.await("two members", () -> store.status().members() == 2);
            Stores.await("what the earlier version has", () -> store.digest() == DIGEST);

            assertThat(earlier.ask("add from-earlier")).isEqualTo("Applied");
            Stores.await("its change here", () -> has(store, "from-earlier"));

            Stores.applied(store.apply(
                    ChangeSet.of(ZONE, new Edit.CreateRecord(RecordDraft.of("from-here", "A", "192.0.2.2")))));
            assertThat(earlier.ask("digest")).isEqualTo(Long.toString(store.digest()));
        }
    }

    @Test
    void it_keeps_how_an_origin_is_asked_which_it_does_not_know() throws Exception {
        Path jar = copy("node.jar", folder.resolve("node.jar"));
        List<Integer> ports = List.of(Trio.freePort(), Trio.freePort());
        String cluster = "mixed-" + ports.getFirst();
        try (Earlier earlier = Earlier.start(jar, data("earlier"), cluster, ports)) {
            long digest;
            try (ClusteredStore store = opened("new", cluster, ports)) {
                Stores.await("what the earlier version has", () -> store.digest() == DIGEST);
                RecordDraft asked = RecordDraft.of("asked", "A", "192.0.2.2");
                Stores.applied(store.apply(ChangeSet.of(
                        ZONE,
                        new Edit.CreateRecord(asked.withOrigin(
                                OriginDraft.among("{\"origin_port\":8080,\"origin_scheme\":\"https\"}"))))));
                digest = store.digest();
                Stores.await("it there", () -> earlier.ask("digest").equals(Long.toString(store.digest())));
            }
            try (ClusteredStore other = opened("other", cluster, ports)) {
                Stores.await("it back", () -> other.digest() == digest);
                assertThat(record(other, "asked").origin()).hasToString("{PORT=8080, SCHEME=\"https\"}");
            }
        }
    }

    private ClusteredStore opened(String name, String cluster, List<Integer> ports) {
        return ClusteredStore.open(config(folder.resolve(name), cluster, ports), Stores.RULES, InstantSource.system());
    }

    private static Record record(ClusteredStore store, String label) {
        return store.view()
                .get()
                .zone(ZONE)
                .flatMap(zone -> zone.at(DomainName.of(label + ".fixture.example")))
                .orElseThrow()
                .records()
                .getFirst();
    }

    /** @param ports the other's, then its own */
    private static StoreConfig config(Path data, String cluster, List<Integer> ports) {
        StoreConfig some = Stores.config(data);
        return new StoreConfig(
                data,
                Optional.of("new"),
                cluster,
                some.bindAddress(),
                ports.get(1),
                ports.stream().map(port -> "127.0.0.1:" + port).toList(),
                1,
                some.clientPort(),
                some.writeTimeout(),
                some.heartbeatTimeout(),
                some.logBytesMax(),
                some.entryBytesMax(),
                some.tombstoneLifetime(),
                some.clockDriftMax(),
                some.attemptsMax(),
                some.restartDelay(),
                some.network(),
                some.replication());
    }

    private static boolean has(ClusteredStore store, String label) {
        return store.view()
                .get()
                .zone(ZONE)
                .flatMap(zone -> zone.at(DomainName.of(label + ".fixture.example")))
                .isPresent();
    }

    private Path data(String name) throws IOException {
        Path data = Files.createDirectories(folder.resolve(name));
        try (ZipInputStream zip = new ZipInputStream(resource("data.zip"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Files.copy(zip, data.resolve(entry.getName()));
            }
        }
        return data;
    }

    private static Path copy(String name, Path to) throws IOException {
        try (InputStream in = resource(name)) {
            Files.copy(in, to);
        }
        return to;
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(EarlierVersionTest.class.getResourceAsStream("earlier/" + name), name);
    }

    /** The earlier version in a process of its own. */
    private record Earlier(Process process, BufferedReader out, Writer in) implements AutoCloseable {
        /** @param ports its own, then the other's */
        static Earlier start(Path jar, Path data, String cluster, List<Integer> ports) throws IOException {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            jar + ":" + System.getProperty("java.class.path"),
                            "io.anycastle.core.store.EarlierNode",
                            data.toString(),
                            cluster,
                            ports.get(0).toString(),
                            ports.get(1).toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var out = process.inputReader(StandardCharsets.UTF_8);
            if (!Optional.ofNullable(out.readLine()).equals(Optional.of("ready"))) {
                process.destroyForcibly();
                throw new IOException("the earlier version did not start");
            }
            return new Earlier(process, out, new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        }

        String ask(String line) {
            try {
                in.write(line + "\n");
                in.flush();
                return String.valueOf(out.readLine());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
