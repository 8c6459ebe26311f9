package io.anycastle.proxy.health;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What a node tells the others of its checks: one octet of form, one for whether it serves, a count, and for each check its key (8 octets),
 * its verdict (1) and the age of that in milliseconds (4).
 *
 * @param isServing whether visitors are sent to the node
 */
record HealthReport(boolean isServing, Map<Long, Finding> findings) {
    /**
     * One check.
     *
     * @param ageMs how long ago it ended
     */
    record Finding(Health verdict, int ageMs) {}

    private static final int FORM = 1;

    HealthReport {
        findings = Map.copyOf(findings);
    }

    byte[] encoded() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(16 + findings.size() * 13);
        try {
            DataOutputStream out = new DataOutputStream(octets);
            out.writeByte(FORM);
            out.writeBoolean(isServing);
            out.writeInt(findings.size());
            for (Map.Entry<Long, Finding> finding : findings.entrySet()) {
                out.writeLong(finding.getKey());
                out.writeByte(finding.getValue().verdict().code());
                out.writeInt(finding.getValue().ageMs());
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail to write", e);
        }
        return octets.toByteArray();
    }

    /** @throws IOException when it is none, or of a form that this version does not know */
    static HealthReport decode(byte[] octets) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets));
        int form = in.readUnsignedByte();
        if (form != FORM) {
            throw new IOException("a report of form " + form);
        }
        boolean isServing = in.readBoolean();
        int count = in.readInt();
        Map<Long, Finding> findings = new HashMap<>();
        for (int i = 0; i < count; i++) {
            long key = in.readLong();
            int code = in.readUnsignedByte();
            Health verdict = Health.of(code).orElseThrow(() -> new IOException("a verdict " + code));
            findings.put(key, new Finding(verdict, in.readInt()));
        }
        return new HealthReport(isServing, findings);
    }
}
