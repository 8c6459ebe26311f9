package io.anycastle.proxy.health;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.OriginSettings;
import io.anycastle.core.model.ProxySettings;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A name of which at least one record has a health check. Of the checking thread alone.
 *
 * @param zone the name of its zone
 * @param settings what its zone says
 */
record CheckedName(NameRecords at, DomainName zone, ProxySettings settings, List<CheckedRecord> records) {
    /** Without records where none is checked. A DNS-only alias has nothing to be checked: others answer for where it leads. */
    static CheckedName of(NameRecords at, DomainName zone, ProxySettings settings) {
        List<CheckedRecord> checked = new ArrayList<>(0);
        for (Record record : at.records()) {
            boolean isOrigin = at.isProxied() ? record.type().isProxiable() : isAddress(record);
            if (isOrigin) {
                OriginSettings said = at.isProxied() ? settings.of(record) : record.origin();
                said.healthCheck().ifPresent(check -> checked.add(new CheckedRecord(at.name(), record, said, check)));
            }
        }
        return new CheckedName(at, zone, settings, checked);
    }

    /** Whether {@link #of} may find any. */
    static boolean isChecked(NameRecords at, ProxySettings settings) {
        for (Record record : at.records()) {
            if (record.origin().healthCheck().isPresent()) {
                return true;
            }
        }
        return settings.origin().healthCheck().isPresent() && at.isProxied();
    }

    private static boolean isAddress(Record record) {
        return record.type() == RecordType.A || record.type() == RecordType.AAAA;
    }

    /** Whether nothing has changed that a check follows. */
    boolean isAs(NameRecords records, ProxySettings said) {
        return at.equals(records) && settings.equals(said);
    }

    /** The addresses that its answers lack: those that are out, but for the last one of a family that went when there is no other. */
    Set<InetAddress> leaving() {
        Set<InetAddress> leaving = new HashSet<>();
        if (!at.isProxied()) {
            leaving.addAll(leaving(RecordType.A));
            leaving.addAll(leaving(RecordType.AAAA));
        }
        return leaving;
    }

    private Set<InetAddress> leaving(RecordType type) {
        Set<InetAddress> out = new HashSet<>();
        Map.@Nullable Entry<InetAddress, Watch> last = null;
        for (CheckedRecord record : records) {
            for (Map.Entry<InetAddress, Watch> one : record.watches.entrySet()) {
                boolean isOfType = one.getKey() instanceof Inet4Address == (type == RecordType.A);
                if (isOfType && one.getValue().isOut()) {
                    out.add(one.getKey());
                    last = last == null || one.getValue().isOutLaterThan(last.getValue()) ? one : last;
                }
            }
        }
        long all = at.records().stream().filter(record -> record.type() == type).count();
        if (last != null && out.size() >= all) {
            out.remove(last.getKey());
        }
        return out;
    }
}
