package io.anycastle.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

final class DemoTest {
    @Test
    void the_three_commands_that_the_demo_shows_work_and_nothing_stays_behind() throws IOException {
        Demo demo = new Demo(new DemoPorts(0, 0, 0));
        Path folder;
        try (demo) {
            demo.start();
            folder = demo.folder();
            List<String> commands = demo.welcome()
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith("dig ") || line.startsWith("curl "))
                    .toList();
            assertThat(commands).hasSize(3);
            assertThat(dig(commands.get(0))).isEqualTo("127.0.0.1");
            assertThat(dig(commands.get(1))).isEqualTo("192.0.2.2");
            assertThat(commands.get(2)).startsWith("curl -H 'Host: blog.example.com' http://127.0.0.1:");
            assertThat(fetch(demo.node().proxyAddresses().getFirst()))
                    .startsWith("HTTP/1.1 200")
                    .contains("blog at 192.0.2.1")
                    .containsIgnoringCase("\"CF-Ray\"")
                    .containsIgnoringCase("\"X-Forwarded-For\" : \"127.0.0.1\"");
            assertThat(demo.welcome())
                    .contains(demo.token())
                    .contains(demo.folder().toString());
        }
        assertThat(folder).doesNotExist();
    }

    /** Does what {@code dig @host -p port name +short} does. */
    private static String dig(String command) throws IOException {
        String[] words = command.split(" ");
        SimpleResolver resolver = new SimpleResolver(
                new InetSocketAddress(InetAddress.ofLiteral(words[1].substring(1)), Integer.parseInt(words[3])));
        Message answer =
                resolver.send(Message.newQuery(Record.newRecord(Name.fromString(words[4] + "."), Type.A, DClass.IN)));
        return answer.getSection(Section.ANSWER).stream()
                .map(Record::rdataToString)
                .collect(Collectors.joining(" "));
    }

    private static String fetch(InetSocketAddress proxy) throws IOException {
        try (Socket socket = new Socket(proxy.getAddress(), proxy.getPort())) {
            socket.getOutputStream()
                    .write("GET /hello HTTP/1.1\r\nHost: blog.example.com\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .lines()
                    .collect(Collectors.joining("\n"));
        }
    }
}
