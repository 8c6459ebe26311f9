package io.anycastle.app.api;

/** The groups of calls that make up the admin API. */
record AdminApi(
        ZoneCalls zones,
        RecordCalls records,
        BatchCall batch,
        ZoneFileCalls zoneFiles,
        ClusterCalls cluster,
        Endpoint status) {
    static AdminApi of(AdminParts parts) {
        Changes changes = new Changes(parts.store());
        return new AdminApi(
                new ZoneCalls(changes),
                new RecordCalls(changes),
                new BatchCall(changes),
                new ZoneFileCalls(changes, parts.rules()),
                new ClusterCalls(parts.membership(), parts.joinTokenLifetime()),
                call -> Reply.of(parts.facts().status()));
    }
}
