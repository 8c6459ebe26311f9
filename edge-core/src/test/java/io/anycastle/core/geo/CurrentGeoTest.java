package io.anycastle.core.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What GeoIP files say of an address, while other files are put into their places. */
class CurrentGeoTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private Path countries(String network, String code) throws IOException {
        return place("countries.mmdb", new GeoFileWriter(24, true).with(network, country(code)));
    }

    private static Map<String, ?> country(String code) {
        return Map.of("country", Map.of("iso_code", code));
    }

    private Path place(String name, GeoFileWriter writer) throws IOException {
        return place(name, writer.bytes());
    }

    private Path place(String name, byte[] octets) throws IOException {
        Path next = folder.resolve("next");
        Files.write(next, octets);
        return Files.move(
                next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static CurrentGeo open(Path countries) throws IOException {
        return CurrentGeo.open(new GeoConfig(Optional.of(countries), Optional.empty(), Duration.ofMinutes(1)));
    }

    private static AddressFacts find(CurrentGeo geo, String address) {
        return geo.find(InetAddress.ofLiteral(address));
    }

    @Test
    void both_files_are_asked_and_what_they_do_not_know_is_said() throws IOException {
        Path countries = place(
                "countries.mmdb",
                new GeoFileWriter(28, true)
                        .with("192.0.2.0/24", country("DE"))
                        .with("2001:db8::/32", country("JP"))
                        .with("198.51.100.0/24", Map.of("continent", "EU")));
        Path systems = place(
                "systems.mmdb",
                new GeoFileWriter(24, true)
                        .with("192.0.2.0/25", Map.of("autonomous_system_number", 64_500))
                        .with("2001:db8::/48", Map.of("autonomous_system_number", 64_501)));
        CurrentGeo geo =
                CurrentGeo.open(new GeoConfig(Optional.of(countries), Optional.of(systems), Duration.ofMinutes(1)));

        assertThat(find(geo, "192.0.2.1")).isEqualTo(new AddressFacts("DE", 64_500));
        assertThat(find(geo, "192.0.2.200")).isEqualTo(new AddressFacts("DE", 0));
        assertThat(find(geo, "2001:db8::1")).isEqualTo(new AddressFacts("JP", 64_501));
        assertThat(find(geo, "198.51.100.1")).isEqualTo(new AddressFacts("XX", 0));
        assertThat(find(geo, "203.0.113.1").isCountryKnown()).isFalse();
    }

    @Test
    void without_files_nothing_is_said() throws IOException {
        assertThat(find(CurrentGeo.open(GeoConfig.NONE), "192.0.2.1")).isEqualTo(AddressFacts.NONE);
        CurrentGeo systemsAlone = CurrentGeo.open(new GeoConfig(
                Optional.empty(),
                Optional.of(place(
                        "systems.mmdb",
                        new GeoFileWriter(24, false).with("192.0.2.0/24", Map.of("autonomous_system_number", 7)))),
                Duration.ofMinutes(1)));
        assertThat(find(systemsAlone, "192.0.2.1")).isEqualTo(new AddressFacts("", 7));
    }

    @Test
    void another_file_is_taken_when_it_is_looked_for_and_a_broken_one_is_not() throws IOException {
        Path file = countries("192.0.2.0/24", "DE");
        CurrentGeo geo = open(file);
        countries("192.0.2.0/24", "FR");
        assertThat(find(geo, "192.0.2.1").country()).isEqualTo("DE");
        geo.checkFiles();
        assertThat(find(geo, "192.0.2.1").country()).isEqualTo("FR");

        place("countries.mmdb", new byte[] {1, 2, 3});
        geo.checkFiles();
        assertThat(find(geo, "192.0.2.1").country()).isEqualTo("FR");
        Files.delete(file);
        geo.checkFiles();
        assertThat(find(geo, "192.0.2.1").country()).isEqualTo("FR");
        place("countries.mmdb", new GeoFileWriter(24, false).with("192.0.2.0/24", Map.of("asn", 1)));
        geo.checkFiles();
        assertThat(find(geo, "192.0.2.1").country()).isEqualTo("FR");
        countries("192.0.2.0/24", "IT");
        geo.checkFiles();
        assertThat(find(geo, "192.0.2.1").country()).isEqualTo("IT");
    }

    @Test
    void a_file_that_is_not_there_or_of_another_kind_is_refused_with_its_reason() throws IOException {
        assertThatThrownBy(() -> open(folder.resolve("none.mmdb")))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("none.mmdb cannot be used: it is not there");
        Path systems = place(
                "systems.mmdb",
                new GeoFileWriter(24, true).with("192.0.2.0/24", Map.of("autonomous_system_number", 64_500)));
        assertThatThrownBy(() -> open(systems))
                .hasMessageEndingWith("systems.mmdb cannot be used: its type, Test-City, has no countries");
    }
}
