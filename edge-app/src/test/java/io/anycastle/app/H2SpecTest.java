package io.anycastle.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.app.config.Keys;
import io.anycastle.app.config.ListenerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** RFC 9113 and RFC 7541 by h2spec, an independent client that knows every rule and how to break it, against a node as it ships. */
final class H2SpecTest {
    private static final String PROGRAM = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";
    private static final int CASES_MIN = 145;
    private static final int TAR_BLOCK = 512;
    private static final int TAR_SIZE_AT = 124;
    private static final int TAR_SIZE_DIGITS = 11;
    /** More than any of them takes on a busy machine, but those that wait for silence take it whole. */
    private static final String CASE_SECONDS = "5";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @ParameterizedTest(name = "in TLS: {0}")
    @ValueSource(booleans = {false, true})
    void every_case_of_h2spec_passes(boolean isTls) throws Exception {
        String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        Assumptions.assumeTrue(machine.equals("Linux amd64"), "h2spec is a program for Linux on amd64, not " + machine);
        Path program = unpack(folder.resolve("h2spec"));
        SelfSigned files = SelfSigned.make(folder, "localhost");
        List<ListenerAddress> https = List.of(new ListenerAddress(InetAddress.ofLiteral("127.0.0.1"), 0, 443));
        try (TestNode node = TestNode.start(
                folder.resolve("data"),
                config -> config.with(Keys.HTTPS_LISTEN, https)
                        .with(Keys.CERTIFICATE, Optional.of(files.certificate()))
                        .with(Keys.CERTIFICATE_KEY, Optional.of(files.key())))) {
            int port = node.node().proxyAddresses().get(isTls ? 1 : 0).getPort();
            Path report = folder.resolve("report.xml");
            run(program, port, isTls, report);

            NodeList cases = cases(report);
            assertThat(cases.getLength()).isGreaterThanOrEqualTo(CASES_MIN);
            assertThat(notPassed(cases)).isEmpty();
        }
    }

    private void run(Path program, int port, boolean isTls, Path report) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-o",
                CASE_SECONDS,
                "-j",
                report.toString()));
        if (isTls) {
            command.addAll(List.of("-t", "-k"));
        }
        Process h2spec = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("h2spec.log").toFile())
                .start();
        h2spec.waitFor();
    }

    private static NodeList cases(Path report) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getElementsByTagName("testcase");
    }

    /** The names of those that failed or were skipped, with what was seen. */
    private static List<String> notPassed(NodeList cases) {
        List<String> failed = new ArrayList<>();
        for (int i = 0; i < cases.getLength(); i++) {
            Element each = (Element) cases.item(i);
            for (String how : List.of("failure", "error", "skipped")) {
                if (each.getElementsByTagName(how).getLength() > 0) {
                    failed.add(each.getAttribute("package") + " " + each.getAttribute("classname") + " "
                            + each.getTextContent().strip());
                }
            }
        }
        return failed;
    }

    /** Takes the program out of its archive, which holds nothing else. */
    private static Path unpack(Path to) throws IOException {
        try (InputStream packed = Objects.requireNonNull(H2SpecTest.class.getResourceAsStream(PROGRAM));
                InputStream tar = new GZIPInputStream(packed)) {
            byte[] head = tar.readNBytes(TAR_BLOCK);
            byte[] digits = Arrays.copyOfRange(head, TAR_SIZE_AT, TAR_SIZE_AT + TAR_SIZE_DIGITS);
            int size = Integer.parseInt(new String(digits, StandardCharsets.US_ASCII).strip(), 8);
            Files.write(to, tar.readNBytes(size));
        }
        assertThat(to.toFile().setExecutable(true)).isTrue();
        return to;
    }
}
