package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;

/** What holds for every answer to whatever query. */
final class WireChecks {
    /** To a question that was understood. */
    private static final Set<Integer> ANSWERS = Set.of(Rcode.NOERROR, Rcode.NXDOMAIN, Rcode.REFUSED);

    private WireChecks() {}

    static void fits(byte[] query, byte[] answer, Transport transport) throws IOException {
        Message parsed = new Message(answer);
        assertThat(Arrays.copyOf(answer, 2)).isEqualTo(Arrays.copyOf(query, 2));
        assertThat(parsed.getHeader().getFlag(Flags.QR)).isTrue();
        assertThat(parsed.getHeader().getFlag(Flags.RA)).isFalse();
        assertThat(answer.length).isLessThanOrEqualTo(transport == Transport.TCP ? 65535 : allowed(query, parsed));
        if (ANSWERS.contains(parsed.getRcode())) {
            assertThat(parsed.getQuestion()).isNotNull();
        }
        if (parsed.getQuestion() != null) {
            int end = questionEnd(answer);
            assertThat(Arrays.copyOfRange(answer, 12, end)).isEqualTo(Arrays.copyOfRange(query, 12, end));
        }
    }

    /** RFC 6891 section 6.2.3: what the client takes, at least 512; where dnsjava cannot read the query, what the edge sends at most. */
    private static int allowed(byte[] query, Message answer) {
        if (answer.getOPT() == null) {
            return 512;
        }
        try {
            OPTRecord asked = new Message(query).getOPT();
            return asked == null ? 1232 : Math.clamp(asked.getPayloadSize(), 512, 1232);
        } catch (IOException e) {
            return 1232;
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
