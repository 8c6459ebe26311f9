package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.api.MultipartForm.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class MultipartFormTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    static Stream<Arguments> bodies() {
        String head = "Content-Disposition: form-data; name=\"file\"; filename=\"x.zone\"";
        return Stream.of(
                Arguments.of("--b\r\n" + head + "\r\n\r\na 1\r\nb 2\r\n--b--\r\n", "a 1\r\nb 2"),
                Arguments.of("--b\n" + head + "\n\na 1\nb 2\n--b--", "a 1\nb 2"),
                Arguments.of("--b\r\n" + head + "\r\nContent-Type: text/dns\r\n\r\n\r\n--b--\r\n", ""),
                Arguments.of("--b\n" + head + "\n\na 1\n", "a 1\n"),
                Arguments.of("preamble\r\n--b\r\n" + head + "\r\n\r\na\r\n--bogus\r\n--b--", "a\r\n--bogus"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void a_file_is_found_however_lines_end(String body, String expected) throws IOException {
        assertThat(file(body)).isEqualTo(expected);
    }

    @Test
    void a_file_without_a_file_name_and_a_flag_are_found() throws IOException {
        MultipartForm form = form("--b\nContent-Disposition: form-data; name=\"file\"\n\nx\n"
                + "--b\nContent-Disposition: form-data; name=proxied\n\ntrue\n--b--");
        assertThat(form.part("file").flatMap(Part::fileName)).isEmpty();
        assertThat(form.text("proxied")).contains("true");
        assertThat(form.text("other")).isEmpty();
    }

    @Test
    void a_part_of_several_megabytes_is_whole() throws IOException {
        String line = "name 300 IN TXT \"some text that is not short\"\n";
        String content = line.repeat(100_000);
        assertThat(file("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n" + content + "\r\n--b--\r\n"))
                .hasSize(content.length());
    }

    @Test
    void the_boundary_comes_from_the_content_type() {
        assertThat(MultipartForm.boundary("multipart/form-data; boundary=abc")).contains("abc");
        assertThat(MultipartForm.boundary("Multipart/Form-Data; Boundary=\"a b\"; charset=utf-8"))
                .contains("a b");
        assertThat(MultipartForm.boundary("application/json")).isEmpty();
    }

    private String file(String body) throws IOException {
        MultipartForm form = form(body);
        try (InputStream in = form.open(form.part("file").orElseThrow())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private MultipartForm form(String body) throws IOException {
        return MultipartForm.read(Files.writeString(folder.resolve("body"), body), "b");
    }
}
