package io.anycastle.proxy.health;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.HealthCheck;
import io.anycastle.core.model.OriginSettings;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import java.net.InetAddress;
import java.util.Map;

/** A record with a health check, and what is watched for it. Of the checking thread alone. */
final class CheckedRecord {
    final DomainName owner;
    final Record record;
    final OriginSettings said;
    final HealthCheck check;
    /** By the addresses that the record stands for. */
    Map<InetAddress, Watch> watches = Map.of();
    /** Of an alias: when its addresses are looked up again. */
    long lookUpNanos;

    CheckedRecord(DomainName owner, Record record, OriginSettings said, HealthCheck check) {
        this.owner = owner;
        this.record = record;
        this.said = said;
        this.check = check;
    }

    /** Whether its addresses are to be looked up. */
    boolean isAlias() {
        return record.type() == RecordType.CNAME;
    }
}
