package io.anycastle.core.health;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The addresses that a name does not answer for now, although its records have them: their health checks fail. One of each family that a
 * name has stays. Any thread.
 */
public final class UnhealthyAddresses {
    private final Map<DomainName, Set<InetAddress>> byName = new ConcurrentHashMap<>();

    /**
     * Sets those of a name, instead of those before. What is compiled already is not changed by that; see
     * {@link io.anycastle.core.view.CurrentView#refresh}.
     *
     * @return whether they are others than before
     */
    public boolean set(DomainName name, Set<InetAddress> addresses) {
        Set<InetAddress> next = Set.copyOf(addresses);
        Set<InetAddress> before = next.isEmpty() ? byName.remove(name) : byName.put(name, next);
        return !next.equals(before == null ? Set.of() : before);
    }

    /** Those records that the name answers where it is DNS only; the same object where that is all of them. */
    public NameRecords answered(NameRecords records) {
        Set<InetAddress> out = byName.get(records.name());
        if (out == null || records.isProxied()) {
            return records;
        }
        List<Record> left =
                records.records().stream().filter(record -> !isOut(record, out)).toList();
        boolean isAll = left.size() == records.records().size();
        return isAll || lacksFamily(records.records(), left)
                ? records
                : new NameRecords(records.name(), records.stamp(), left);
    }

    private static boolean isOut(Record record, Set<InetAddress> out) {
        if (record.type() != RecordType.A && record.type() != RecordType.AAAA) {
            return false;
        }
        try {
            return out.contains(InetAddress.getByAddress(record.rdata().wire()));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a stored " + record.type() + " record holds no address", e);
        }
    }

    /** The records may have changed since it was found out what is out. */
    private static boolean lacksFamily(List<Record> all, List<Record> left) {
        return lacks(RecordType.A, all, left) || lacks(RecordType.AAAA, all, left);
    }

    private static boolean lacks(RecordType type, List<Record> all, List<Record> left) {
        return all.stream().anyMatch(record -> record.type() == type)
                && left.stream().noneMatch(record -> record.type() == type);
    }
}
