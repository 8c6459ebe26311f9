package io.anycastle.dns.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ThreadLocalRandom;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A question as every server is asked it.
 *
 * @param payload the EDNS payload size in octets, 0 for none
 */
record Question(int id, String name, int type, int payload, boolean dnssecOk, boolean tcp) {
    /** Each with a number of its own, so that a late answer is not taken for that to the next one. */
    static Question plain(String name, String type) {
        int id = ThreadLocalRandom.current().nextInt(65_536);
        return new Question(id, name, Type.value(type, true), 0, false, false);
    }

    byte[] wire() {
        try {
            Message query = Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
            query.getHeader().setID(id);
            query.getHeader().unsetFlag(Flags.RD);
            if (payload > 0) {
                query.addRecord(new OPTRecord(payload, 0, 0, dnssecOk ? 0x8000 : 0), Section.ADDITIONAL);
            }
            return query.toWire();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    @Override
    public String toString() {
        String edns = payload == 0 ? "" : " edns " + payload + (dnssecOk ? " do" : "");
        return name + " " + Type.string(type) + edns + (tcp ? " tcp" : " udp");
    }
}
