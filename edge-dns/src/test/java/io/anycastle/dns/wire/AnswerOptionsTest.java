package io.anycastle.dns.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.dns.wire.AnswerWriter.Section;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** RFC 6891 section 6.1.2: options of queries as places in the message, options of answers within the answer's size. */
class AnswerOptionsTest {
    private static final byte[] VALUE = {9, 1, 2, 3};

    /** 20 octets, owner a pointer to the question. */
    private static final byte[] RECORD = {
        (byte) 0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 1, 0, 8, 7, 'a', 'b', 'c', 'd', 'e', 'f', 'g'
    };

    private final QueryReader query = new QueryReader();
    private final AnswerWriter writer = new AnswerWriter(query, 1232);
    private final byte[] out = new byte[512];

    private byte[] read(EDNSOption... options) {
        Message message = Message.newQuery(Record.newRecord(Name.fromConstantString("a.test."), Type.TXT, DClass.IN));
        message.addRecord(new OPTRecord(512, 0, 0, 0, List.of(options)), org.xbill.DNS.Section.ADDITIONAL);
        byte[] wire = message.toWire();
        assertThat(query.read(wire, wire.length)).isEqualTo(QueryReader.Form.QUESTION);
        return wire;
    }

    private Message answer() throws IOException {
        return new Message(Arrays.copyOf(out, writer.finish(0, true)));
    }

    @Test
    void options_are_found_and_forgotten_with_the_next_query() {
        byte[] wire = read(
                new GenericEDNSOption(EdnsOptions.NSID, new byte[0]),
                new GenericEDNSOption(EdnsOptions.COOKIE, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}),
                new GenericEDNSOption(EdnsOptions.COOKIE, new byte[16]),
                new GenericEDNSOption(EdnsOptions.CLIENT_SUBNET, new byte[] {0, 1, 12, 0, (byte) 192, 16}),
                new GenericEDNSOption(EdnsOptions.TCP_KEEPALIVE, new byte[0]),
                new GenericEDNSOption(EdnsOptions.PADDING, new byte[5]));
        EdnsOptions options = query.options();
        assertThat(options.hasNsid() && options.hasTcpKeepalive() && options.hasPadding())
                .isTrue();
        assertThat(Arrays.copyOfRange(wire, options.cookieAt(), options.cookieAt() + options.cookieLength()))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(List.of(options.subnetFamily(), options.subnetPrefix(), options.subnetLength()))
                .containsExactly(1, 12, 6);
        assertThat(wire[options.subnetAt() + 4]).isEqualTo((byte) 192);
        read();
        assertThat(options.hasNsid() || options.hasTcpKeepalive() || options.hasPadding())
                .isFalse();
        assertThat(options.hasCookie() || options.hasSubnet()).isFalse();
    }

    @Test
    void an_option_is_sent_with_the_records() throws IOException {
        read();
        writer.begin(out, 512);
        writer.addOption(EdnsOptions.NSID, VALUE, 1, 3);
        writer.append(Section.ANSWER, RECORD, 1);
        Message answer = answer();
        assertThat(answer.getSection(org.xbill.DNS.Section.ANSWER)).hasSize(1);
        assertThat(answer.getOPT().getOptions(EdnsOptions.NSID))
                .singleElement()
                .satisfies(option -> assertThat(option.toWire()).containsExactly(0, 3, 0, 3, 1, 2, 3));
    }

    @Test
    void the_room_of_an_option_is_not_given_to_records() throws IOException {
        byte[] wire = read();
        int bare = wire.length;
        writer.begin(out, bare + RECORD.length + 6);
        writer.addOption(EdnsOptions.NSID, VALUE, 1, 3);
        writer.append(Section.ANSWER, RECORD, 1);
        assertThat(writer.isTruncated()).isTrue();
        writer.rewind();
        Message answer = answer();
        assertThat(answer.numBytes()).isEqualTo(bare + 7);
        assertThat(answer.getOPT().getOptions(EdnsOptions.NSID)).hasSize(1);
    }

    @Test
    void an_option_without_room_is_left_out() throws IOException {
        byte[] wire = read();
        writer.begin(out, wire.length + 6);
        writer.addOption(EdnsOptions.NSID, VALUE, 1, 3);
        assertThat(answer().getOPT().getOptions()).isEmpty();
    }
}
