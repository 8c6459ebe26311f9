package io.anycastle.proxy.log;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Sends each line as a message to a syslog server by UDP (RFC 5424 section 6, RFC 5426). Belongs to the thread that writes. */
final class SyslogSink implements LogSink {
    /** Facility local0, severity informational. */
    private static final int PRIORITY = 16 * 8 + 6;

    private final DatagramChannel channel;

    SyslogSink(InetSocketAddress server) throws IOException {
        channel = DatagramChannel.open();
        channel.connect(server);
    }

    @Override
    public void write(byte[] octets, int length) throws IOException {
        byte[] head = ("<" + PRIORITY + ">1 " + Instant.now().truncatedTo(ChronoUnit.MILLIS)
                        + " - anycastle - access - ")
                .getBytes(StandardCharsets.US_ASCII);
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (octets[i] == '\n') {
                ByteBuffer message = ByteBuffer.allocate(head.length + i - from);
                message.put(head).put(octets, from, i - from).flip();
                channel.write(message);
                from = i + 1;
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
