package io.anycastle.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.store.journal.Journals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 1: what is acknowledged survives. */
class StoreDurabilityTest {
    private static final int ROUNDS = 4;
    private static final int LIMIT_KIB = 128;

    /**
     * A file system that takes every write and fails at fsync, because the memory behind it is full: an ext2 image in a small tmpfs, in a
     * mount namespace of the store's own.
     */
    private static final String LYING_DISK = """
            exec unshare --mount bash -euc '
              cd "$0"; mkdir disk data; mount -t tmpfs tmpfs disk; truncate -s 16M disk/image
              mkfs.ext2 -q -F -N 64 disk/image; mount -o loop disk/image data; sync -f data
              mount -o remount,size=$(($(du -k disk/image | cut -f1) + 512))k disk; exec "$@"' FOLDER "$@";
            """;

    @TempDir
    Path folder;

    @Test
    void every_acknowledged_write_survives_a_kill_at_any_moment() throws Exception {
        Random random = new Random(20261123);
        Set<String> acknowledged = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            try (StoreProcess store = StoreProcess.start(folder, "")) {
                store.say("flood r" + round);
                int wanted = 1 + random.nextInt(150);
                for (int i = 0; i < wanted; i++) {
                    acknowledged.add(store.line());
                }
                acknowledged.addAll(whole(store.kill(), round));
            }
            try (var opened = Journals.open(folder)) {
                assertThat(opened.journal().damage()).isEmpty();
                assertThat(Journals.names(opened)).containsAll(acknowledged);
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
    }

    /** The last line may be half a name: the process was killed while it said it. */
    private static List<String> whole(List<String> lines, int round) {
        String last = lines.isEmpty() ? "" : lines.getLast();
        boolean isWhole = last.matches("r" + round + "-\\d+-\\d+");
        return isWhole ? lines.subList(0, lines.size() - 1) : List.of();
    }

    @Test
    void a_full_disk_refuses_the_write_and_serving_goes_on_until_there_is_room_again() throws Exception {
        try (StoreProcess store = StoreProcess.start(folder, "ulimit -S -f " + LIMIT_KIB + ";")) {
            assertThat(store.ask("write small 10")).startsWith("Applied");
            assertThat(store.ask("write large 5000"))
                    .startsWith("Unavailable")
                    .contains("the change cannot be written to disk: File too large");
            assertThat(store.ask("count")).isEqualTo("10");
            assertThat(store.ask("write fits 10")).startsWith("Applied");
            assertThat(new ProcessBuilder("prlimit", "--pid", "" + store.pid(), "--fsize=unlimited")
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(store.ask("write large 5000")).startsWith("Applied");
            store.kill();
        }
        try (var opened = Journals.open(folder)) {
            assertThat(opened.journal().damage()).isEmpty();
            assertThat(Journals.names(opened)).hasSize(5020);
        }
    }

    /** When the image's pages reach the full memory is the kernel's to choose: a small write may find room or not. */
    @Tag("long")
    @Test
    void a_disk_that_fails_at_fsync_loses_nothing_acknowledged_and_takes_nothing_back_later() throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root may mount a file system");
        Path kept = folder.resolve("kept");
        int acknowledged = 0;
        try (StoreProcess store =
                StoreProcess.start(folder.resolve("data"), LYING_DISK.replace("FOLDER", folder.toString()))) {
            acknowledged += tryTen(store, "small");
            assertThat(store.ask("write large 25000"))
                    .startsWith("Unavailable")
                    .contains("the change cannot be written to disk: No space left on device");
            assertThat(store.ask("count")).isEqualTo("" + acknowledged);
            acknowledged += tryTen(store, "more");
            assertThat(store.ask("count")).isEqualTo("" + acknowledged);
            inNamespaceOf(
                    store,
                    "mount",
                    "-o",
                    "remount,size=32m",
                    folder.resolve("disk").toString());
            assertThat(store.ask("write later 25000")).startsWith("Applied");
            inNamespaceOf(store, "cp", "-r", folder.resolve("data").toString(), kept.toString());
            store.kill();
        }
        try (var opened = Journals.open(kept)) {
            assertThat(opened.journal().damage()).isEmpty();
            assertThat(Journals.names(opened)).hasSize(acknowledged + 25_000).noneMatch(name -> name.contains("large"));
        }
    }

    /** How many of ten names are acknowledged: all or none. */
    private static int tryTen(StoreProcess store, String prefix) throws Exception {
        String answer = store.ask("write " + prefix + " 10");
        assertThat(answer).matches("(?s)Applied.*|Unavailable.*cannot be written to disk.*");
        return answer.startsWith("Applied") ? 10 : 0;
    }

    private static void inNamespaceOf(StoreProcess store, String... command) throws Exception {
        List<String> entered = new ArrayList<>(List.of("nsenter", "-t", "" + store.pid(), "-m"));
        entered.addAll(List.of(command));
        assertThat(new ProcessBuilder(entered).inheritIO().start().waitFor()).isZero();
    }
}
