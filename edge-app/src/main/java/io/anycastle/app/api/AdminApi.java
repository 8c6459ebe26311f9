package io.anycastle.app.api;

/** The groups of calls that make up the admin API. */
record AdminApi(
        ZoneCalls zones,
        RecordCalls records,
        BatchCall batch,
        ZoneFileCalls zoneFiles,
        ClusterCalls cluster,
        NodeCalls nodes,
        ConflictCalls conflicts,
        AccountCalls account,
        BackupCalls backup,
        DnsSettingsCalls dnsSettings,
        ZoneSettingsCalls zoneSettings,
        MaintenanceCalls maintenance,
        ErrorPageCalls errorPages,
        TailCalls tail,
        ClientCertificateCalls clientCertificate,
        ReloadCall reload,
        Endpoint status) {
    static AdminApi of(AdminConfig config, AdminParts parts) {
        Changes changes = new Changes(parts.store(), config.writeTimeout());
        AdminConfig.ZoneDefaults defaults = config.zoneDefaults();
        SitePageRules pages = new SitePageRules(defaults.sitePageMax());
        return new AdminApi(
                new ZoneCalls(changes, parts.checks(), parts.store().clock()),
                new RecordCalls(changes),
                new BatchCall(changes),
                new ZoneFileCalls(changes, parts.rules(), config.imports(), config.zoneFiles()),
                new ClusterCalls(parts.membership(), parts.joinTokenLifetime()),
                new NodeCalls(parts.store(), parts.membership()),
                new ConflictCalls(parts.store(), changes),
                new AccountCalls(changes),
                new BackupCalls(parts.store(), parts.rules(), config.recordsPerChange()),
                new DnsSettingsCalls(changes, defaults, parts),
                new ZoneSettingsCalls(changes, defaults.tls(), parts.rules()),
                new MaintenanceCalls(changes, pages, defaults.retryAfter()),
                new ErrorPageCalls(changes, pages),
                new TailCalls(changes, parts.tail(), parts.tailPeers()),
                new ClientCertificateCalls(changes, parts.membership().secrets(), parts.clock()),
                new ReloadCall(parts.reloading()),
                call -> ApiReply.of(parts.facts().status()));
    }
}
