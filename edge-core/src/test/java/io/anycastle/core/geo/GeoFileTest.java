package io.anycastle.core.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.maxmind.db.DatabaseRecord;
import com.maxmind.db.Reader;
import io.anycastle.core.health.Location;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reader of MaxMind DB files (format version 2), held against the format's own reader. */
class GeoFileTest {
    private static final Location BERLIN = new Location(52.5, 13.4);
    private static final Location PARIS = new Location(48.9, 2.35);

    @ParameterizedTest
    @CsvSource({"24,false", "28,false", "32,false", "24,true", "28,true", "32,true"})
    void every_record_size_and_family_is_read_as_the_formats_own_reader_does(int recordBits, boolean ipv6)
            throws IOException {
        Random random = new Random(recordBits * 2L + (ipv6 ? 1 : 0));
        GeoFileWriter writer = new GeoFileWriter(recordBits, ipv6);
        for (int i = 0; i < 400; i++) {
            writer.with(network(random, ipv6 && i % 2 == 0), record(random));
        }
        byte[] bytes = writer.bytes();
        GeoFile ours = GeoFile.of(MemorySegment.ofArray(bytes));
        try (Reader theirs = new Reader(new ByteArrayInputStream(bytes))) {
            for (int i = 0; i < 5000; i++) {
                InetAddress address = address(random, ipv6 && i % 2 == 0);
                DatabaseRecord<?> expected = theirs.getRecord(address, Map.class);
                long found = find(ours, address);
                assertThat(location(ours, found)).as("%s", address).isEqualTo(location(expected.data()));
                assertThat(country(ours, found)).as("%s", address).isEqualTo(country(expected.data()));
                assertThat(asn(ours, found)).as("%s", address).isEqualTo(asn(expected.data()));
                assertThat((int) found).as("%s", address).isEqualTo(prefix(expected, address));
            }
        }
    }

    /** The other reader counts the bits of an IPv4 address inside an IPv6 tree as the address is written: of 32. */
    private static int prefix(DatabaseRecord<?> record, InetAddress address) {
        return Math.min(record.network().prefixLength(), 8 * address.getAddress().length);
    }

    private static Optional<Location> location(GeoFile file, long found) throws IOException {
        int place = (int) (found >> 32);
        return place == GeoFile.UNKNOWN ? Optional.empty() : file.location(place);
    }

    private static Optional<Location> location(@Nullable Object record) {
        return record instanceof Map<?, ?> map
                        && map.get("location") instanceof Map<?, ?> location
                        && location.get("latitude") instanceof Double latitude
                        && location.get("longitude") instanceof Double longitude
                ? Optional.of(new Location(latitude, longitude))
                : Optional.empty();
    }

    private static String country(GeoFile file, long found) {
        int place = (int) (found >> 32);
        return place == GeoFile.UNKNOWN ? "" : file.country(place);
    }

    private static String country(@Nullable Object record) {
        return record instanceof Map<?, ?> map
                        && map.get("country") instanceof Map<?, ?> country
                        && country.get("iso_code") instanceof String code
                ? code
                : "";
    }

    private static long asn(GeoFile file, long found) {
        int place = (int) (found >> 32);
        return place == GeoFile.UNKNOWN ? 0 : file.asn(place);
    }

    private static long asn(@Nullable Object record) {
        return record instanceof Map<?, ?> map && map.get("autonomous_system_number") instanceof Number number
                ? number.longValue()
                : 0;
    }

    private static String network(Random random, boolean ipv6) {
        byte[] address = address(random, ipv6).getAddress();
        int bits = ipv6 ? 8 + random.nextInt(57) : 4 + random.nextInt(25);
        for (int i = bits; i < 8 * address.length; i++) {
            address[i / 8] &= (byte) ~(128 >>> i % 8);
        }
        try {
            return InetAddress.getByAddress(address).getHostAddress() + "/" + bits;
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Few leading octets, so that networks and addresses meet. */
    private static InetAddress address(Random random, boolean ipv6) {
        byte[] octets = new byte[ipv6 ? 16 : 4];
        random.nextBytes(octets);
        octets[0] = (byte) (0x20 + random.nextInt(4));
        octets[1] = (byte) random.nextInt(8);
        octets[ipv6 ? 7 : 2] = (byte) random.nextInt(8);
        try {
            return InetAddress.getByAddress(octets);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With values of every kind around what is wanted, long texts and repeated ones. */
    private static Map<String, Object> record(Random random) {
        Map<String, Object> record = new HashMap<>();
        record.put("names", List.of("x".repeat(random.nextInt(400)), true, 5_000_000_000L, 7));
        String code = "" + (char) ('A' + random.nextInt(26)) + (char) ('A' + random.nextInt(26));
        record.put(
                "country",
                random.nextInt(5) > 0
                        ? Map.of("names", Map.of("en", "x", "de", "y"), "iso_code", code, "is_in_european_union", true)
                        : Map.of("names", Map.of("en", "iso_code")));
        if (random.nextInt(5) > 0) {
            record.put("autonomous_system_number", 1 + random.nextInt(Integer.MAX_VALUE));
        }
        if (random.nextInt(5) > 0) {
            record.put(
                    "location",
                    Map.of(
                            "latitude", random.nextInt(-90, 91) + 0.5 * random.nextInt(1),
                            "longitude", random.nextInt(-180, 181) + 0.0,
                            "accuracy_radius", 20));
        }
        return record;
    }

    private static long find(GeoFile file, InetAddress address) {
        ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
        return octets.capacity() == 4
                ? file.find(false, 0, octets.getInt() & 0xffff_ffffL)
                : file.find(true, octets.getLong(), octets.getLong());
    }

    @Test
    void an_ipv6_address_is_unknown_to_a_file_of_ipv4_alone() throws IOException {
        GeoFile file = GeoFile.of(MemorySegment.ofArray(
                new GeoFileWriter(24, false).with("192.0.2.0/24", BERLIN).bytes()));
        assertThat(find(file, InetAddress.ofLiteral("2001:db8::1")) >> 32).isEqualTo(GeoFile.UNKNOWN);
        assertThat(location(file, find(file, InetAddress.ofLiteral("192.0.2.77"))))
                .contains(BERLIN);
    }

    @Test
    void a_file_that_is_none_or_is_cut_off_is_refused_with_its_reason(@TempDir Path folder) throws IOException {
        byte[] whole = new GeoFileWriter(28, true)
                .with("192.0.2.0/24", BERLIN)
                .with("2001:db8::/32", PARIS)
                .bytes();
        Path file = folder.resolve("geo.mmdb");
        Files.write(file, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> GeoFile.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no database");
        Files.write(file, Arrays.copyOf(whole, whole.length - 30));
        assertThatThrownBy(() -> GeoFile.open(file)).isInstanceOf(IOException.class);
        Files.write(file, Arrays.copyOfRange(whole, whole.length - 200, whole.length));
        assertThatThrownBy(() -> GeoFile.open(file)).isInstanceOf(IOException.class);
    }

    @Test
    void a_file_that_the_jvm_has_no_memory_for_is_refused_with_its_reason(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("geo.mmdb");
        Files.write(file, new byte[2 << 20]);
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:MaxDirectMemorySize=1m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opening.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("IOException: the JVM has no memory for its 2097152 octets");
    }

    /** Opens the file that it is told. */
    static final class Opening {
        private Opening() {}

        public static void main(String[] args) throws IOException {
            GeoFile.open(Path.of(args[0]));
        }
    }

    /** Only what a caller can show for it: a location, none, or an I/O error; never a hang, never another exception. */
    @Test
    void a_file_with_flipped_bits_is_read_or_refused() {
        byte[] whole = new GeoFileWriter(28, true)
                .with("192.0.2.0/24", BERLIN)
                .with("2001:db8::/32", PARIS)
                .with("198.51.100.0/25", Map.of("location", Map.of("latitude", "north")))
                .bytes();
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = whole.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                GeoFile file = GeoFile.of(MemorySegment.ofArray(bytes));
                location(file, find(file, InetAddress.ofLiteral("192.0.2.1")));
                location(file, find(file, InetAddress.ofLiteral("2001:db8::1")));
                country(file, find(file, InetAddress.ofLiteral("192.0.2.1")));
                asn(file, find(file, InetAddress.ofLiteral("2001:db8::1")));
            } catch (IOException refused) {
                assertThat(refused).hasMessage(refused.getMessage());
            }
        }
    }
}
