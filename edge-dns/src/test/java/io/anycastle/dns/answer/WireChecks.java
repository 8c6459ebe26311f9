package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;

/** What holds for every answer to whatever query. */
final class WireChecks {
    private WireChecks() {}

    static void fits(byte[] query, byte[] answer, Transport transport) throws IOException {
        Message parsed = new Message(answer);
        assertThat(Arrays.copyOf(answer, 2)).isEqualTo(Arrays.copyOf(query, 2));
        assertThat(parsed.getHeader().getFlag(Flags.QR)).isTrue();
        assertThat(parsed.getHeader().getFlag(Flags.RA)).isFalse();
        OPTRecord opt = parsed.getOPT();
        assertThat(answer.length).isLessThanOrEqualTo(transport == Transport.TCP ? 65535 : opt == null ? 512 : 1232);
        if (parsed.getQuestion() != null) {
            int end = questionEnd(answer);
            assertThat(Arrays.copyOfRange(answer, 12, end)).isEqualTo(Arrays.copyOfRange(query, 12, end));
        }
    }

    private static int questionEnd(byte[] answer) {
        int at = 12;
        while (answer[at] != 0) {
            at += 1 + answer[at];
        }
        return at + 5;
    }
}
