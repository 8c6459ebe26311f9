package io.anycastle.core.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.store.Stores;
import io.anycastle.core.store.change.StoreException;
import io.anycastle.core.store.state.StoreImage;
import io.anycastle.core.store.state.ZoneImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path folder;

    @Test
    void every_field_survives_a_reopening() throws Exception {
        StoreImage before;
        try (var opened = Journals.open(folder)) {
            opened.write(1);
            opened.journal()
                    .settle(opened.journal()
                            .append(
                                    Journals.delta(2, List.of(Journals.tombstone("n1", 2), Journals.name("n2", 2))),
                                    Duration.ofSeconds(9)));
            before = opened.journal().image();
        }
        try (var opened = Journals.open(folder)) {
            assertThat(opened.journal().image()).isEqualTo(before);
            ZoneImage zone = opened.journal().image().zone(Stores.ZONE);
            assertThat(zone.tombstones()).containsEntry(DomainName.of("n1.example.com"), Journals.stamp(2));
            assertThat(opened.journal().highestStamp()).isEqualTo(Journals.stamp(2));
            assertThat(opened.journal().damage()).isEmpty();
        }
    }

    @Test
    void an_aborted_delta_never_was() throws Exception {
        try (var opened = Journals.open(folder)) {
            opened.write(1);
            opened.journal().abort(opened.append(2));
            opened.write(3);
            opened.journal().abort(opened.append(4));
            assertThat(Journals.names(opened)).containsExactly("n1", "n3");
        }
        try (var opened = Journals.open(folder)) {
            assertThat(Journals.names(opened)).containsExactly("n1", "n3");
        }
    }

    @Test
    void a_durable_delta_that_was_neither_settled_nor_aborted_is_there_after_a_crash() throws Exception {
        try (var opened = Journals.open(folder)) {
            opened.write(1);
            opened.append(2);
            assertThat(Journals.names(opened)).containsExactly("n1");
        }
        try (var opened = Journals.open(folder)) {
            assertThat(Journals.names(opened)).containsExactly("n1", "n2");
        }
    }

    @Test
    void a_log_that_grew_too_large_becomes_a_snapshot_and_open_deltas_move_on_with_the_log() throws Exception {
        try (var opened = Journals.open(folder, Journals.SMALL)) {
            for (int version = 1; version <= 300; version++) {
                opened.write(version);
            }
            Journal.Appended open = opened.append(301);
            long before = opened.counters().snapshots.sum();
            grow(opened);
            Stores.await("a snapshot", () -> opened.counters().snapshots.sum() > before);
            opened.journal().abort(open);
            opened.write(302);
        }
        assertThat(Journals.files(folder, "snapshot-\\d+")).hasSizeBetween(1, 2);
        try (var opened = Journals.open(folder, Journals.SMALL)) {
            assertThat(Journals.names(opened))
                    .hasSize(301)
                    .contains("n1", "n302")
                    .doesNotContain("n301");
            assertThat(opened.journal()
                            .image()
                            .zone(DomainName.of("other.test"))
                            .state())
                    .isPresent();
        }
    }

    /** Grows the log by another zone, past its size of 64 KiB. */
    private static void grow(Journals.Opened opened) throws Exception {
        DomainName other = DomainName.of("other.test");
        for (int i = 0; i < 4; i++) {
            var names = Journals.names(1_000 + i, 1_000);
            var head = Journals.delta(other, Journals.stamp(i), Journals.head(i), names);
            opened.journal().settle(opened.journal().append(head, Duration.ofSeconds(9)));
        }
    }

    @Test
    void a_damaged_snapshot_costs_nothing_as_long_as_the_one_before_is_whole() throws Exception {
        List<String> before;
        try (var opened = Journals.open(folder, Journals.SMALL)) {
            for (int version = 1; opened.counters().snapshots.sum() < 3; version++) {
                opened.write(version);
            }
            before = Journals.names(opened);
        }
        Path newest = Journals.files(folder, "snapshot-\\d+").getLast();
        flip(newest, Files.size(newest) / 2, 3);
        try (var opened = Journals.open(folder, Journals.SMALL)) {
            assertThat(Journals.names(opened)).isEqualTo(before);
            assertThat(Journals.files(folder, ".*damaged.*")).hasSize(1);
        }
    }

    @Test
    void the_last_snapshot_damaged_serves_what_is_readable_and_says_so_at_each_start_until_it_is_written_anew()
            throws Exception {
        try (var opened = Journals.open(folder, Journals.SMALL)) {
            for (int version = 1; opened.counters().snapshots.sum() < 2; version++) {
                opened.journal()
                        .settle(opened.journal()
                                .append(Journals.delta(version, Journals.names(version, 20)), Duration.ofSeconds(9)));
            }
        }
        List<Path> snapshots = Journals.files(folder, "snapshot-\\d+");
        for (Path snapshot : snapshots) {
            flip(snapshot, Files.size(snapshot) - 5, 1);
        }
        Files.deleteIfExists(folder.resolve("log-0000000001"));
        int readable;
        try (var opened = Journals.open(folder, Journals.SMALL)) {
            assertThat(opened.journal().damage()).isNotEmpty();
            readable = Journals.names(opened).size();
            assertThat(readable).isPositive();
            Stores.await("a new snapshot", () -> opened.counters().snapshots.sum() > 0);
        }
        try (var opened = Journals.open(folder, Journals.SMALL)) {
            assertThat(opened.journal().damage()).isEmpty();
            assertThat(Journals.names(opened)).hasSize(readable);
        }
    }

    @Test
    void an_end_cut_off_at_any_byte_keeps_every_entry_before_it() throws Exception {
        Path source = folder.resolve("source");
        long secondEnds;
        try (var opened = Journals.open(source)) {
            opened.write(1);
            opened.write(2);
            secondEnds = opened.journal().logBytes() + LogFile.HEADER_BYTES;
            opened.write(3);
            opened.write(4);
        }
        long size = Files.size(Journals.log(source));
        int whole3 = (int) (secondEnds + (size - secondEnds) / 2);
        Path copy = folder.resolve("cut");
        Journals.copy(source, copy);
        try (DataFolder cutFolder = DataFolder.open(copy)) {
            for (long cut = size - 1; cut >= secondEnds; cut--) {
                truncate(Journals.log(copy), cut);
                JournalRecovery found = new JournalRecovery(cutFolder, 64 << 10).read();
                assertThat(Journals.names(found.image()))
                        .as("cut at %d of %d", cut, size)
                        .hasSize(cut < whole3 ? 2 : 3);
                assertThat(found.goodBytes()).isEqualTo(cut < whole3 ? secondEnds : whole3);
                assertThat(found.damage()).isEmpty();
            }
        }
        truncate(Journals.log(copy), secondEnds + 1);
        try (var opened = Journals.open(copy)) {
            opened.write(5);
        }
        try (var opened = Journals.open(copy)) {
            assertThat(Journals.names(opened)).containsExactly("n1", "n2", "n5");
        }
    }

    @Test
    void blocks_that_the_file_system_never_filled_are_a_cut_off_end() throws Exception {
        try (var opened = Journals.open(folder)) {
            opened.write(1);
        }
        Path log = Journals.log(folder);
        long size = Files.size(log);
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4096), size);
        }
        try (var opened = Journals.open(folder)) {
            assertThat(Journals.names(opened)).containsExactly("n1");
            assertThat(opened.journal().damage()).isEmpty();
        }
        assertThat(Files.size(log)).isEqualTo(size);
    }

    @Test
    void a_flipped_bit_anywhere_is_noticed_and_what_follows_it_is_set_aside() throws Exception {
        Path source = folder.resolve("source");
        long secondStarts;
        try (var opened = Journals.open(source)) {
            opened.write(1);
            secondStarts = opened.journal().logBytes() + LogFile.HEADER_BYTES;
            opened.write(2);
            opened.write(3);
        }
        byte[] whole = Files.readAllBytes(Journals.log(source));
        for (long at = secondStarts; at < whole.length; at++) {
            Path copy = folder.resolve("flip-" + at);
            Journals.copy(source, copy);
            flip(Journals.log(copy), at, (int) (at % 8));
            int expected = at < secondStarts + (whole.length - secondStarts) / 2 ? 1 : 2;
            try (var opened = Journals.open(copy)) {
                assertThat(Journals.names(opened)).as("flip at %d", at).hasSize(expected);
                assertThat(opened.journal().damage()).as("flip at %d", at).hasSize(1);
                opened.write(9);
            }
            List<Path> aside = Journals.files(copy, "log.*damaged.*");
            assertThat(aside).hasSize(1);
            long good = expected == 1 ? secondStarts : secondStarts + (whole.length - secondStarts) / 2;
            assertThat(Files.size(aside.get(0))).isEqualTo(whole.length - good);
            try (var opened = Journals.open(copy)) {
                assertThat(Journals.names(opened)).hasSize(expected + 1).contains("n9");
                assertThat(opened.journal().damage()).isEmpty();
            }
        }
    }

    @Test
    void a_log_of_a_newer_version_is_refused() throws Exception {
        try (var opened = Journals.open(folder)) {
            opened.write(1);
        }
        Path log = Journals.log(folder);
        ByteBuffer header =
                ByteBuffer.allocate(LogFile.HEADER_BYTES).putLong(LogFile.MAGIC).putInt(LogFile.VERSION + 1);
        header.putInt(LogFile.crc(header.duplicate().flip()));
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.write(header.flip(), 0);
        }
        assertThatThrownBy(() -> Stores.open(folder))
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "The data folder " + folder + " cannot be used: " + log + " was written by a newer version.");
    }

    @Test
    void an_entry_larger_than_allowed_is_refused_and_the_next_one_is_taken() throws Exception {
        JournalSettings usual = Journals.SETTINGS;
        try (var opened =
                Journals.open(folder, new JournalSettings(usual.logBytesMax(), 64 << 10, usual.tombstoneLifetime()))) {
            assertThatThrownBy(() ->
                            opened.journal().append(Journals.delta(1, Journals.names(1, 3_000)), Duration.ofSeconds(9)))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("at most 65536 are allowed");
            opened.write(2);
            assertThat(Journals.names(opened)).containsExactly("n2");
        }
    }

    @Test
    void ten_thousand_records_are_read_in_seconds_on_the_busiest_machine() throws Exception {
        try (var opened = Journals.open(folder)) {
            for (int version = 1; version <= 10; version++) {
                opened.journal()
                        .settle(opened.journal()
                                .append(
                                        Journals.delta(version, Journals.names(version, 1_000)),
                                        Duration.ofSeconds(9)));
            }
        }
        long start = System.nanoTime();
        try (var opened = Journals.open(folder)) {
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(Journals.names(opened)).hasSize(10_000);
            assertThat(took).isLessThan(Duration.ofSeconds(10));
        }
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private static void flip(Path file, long at, int bit) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) at] ^= (byte) (1 << bit);
        Files.write(file, bytes);
    }
}
