package io.anycastle.app.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** This node's identity and its picture of the cluster, in memory and in the data folder. Any thread. */
final class CurrentMembership implements MembershipView {
    private final Path folder;
    private final InstantSource clock;
    private volatile Identity identity;
    private volatile MemberList memberList;

    CurrentMembership(Path folder, Identity identity, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
        this.identity = identity;
        this.memberList = MemberList.of(identity.known());
    }

    Identity identity() {
        return identity;
    }

    /** Keeps what is newer than what is known. */
    synchronized void learn(Map<String, String> documents) throws IOException {
        Map<String, String> newest = Versions.newest(identity.known(), documents);
        if (!newest.equals(identity.known())) {
            Identity wiser = identity.knowing(newest);
            wiser.save(folder);
            identity = wiser;
            memberList = MemberList.of(newest);
        }
    }

    /** Shows that certificate from now on. */
    synchronized void renew(X509Certificate certificate) throws IOException {
        Identity renewed = identity.withCertificate(certificate);
        renewed.save(folder);
        identity = renewed;
    }

    Optional<NodeEntry> own() {
        return memberList.node(identity.name().id());
    }

    boolean isRemoved() {
        return own().filter(entry ->
                        entry.isRemoved() && entry.number() == identity.name().number())
                .isPresent();
    }

    /** All that were not removed, but this node. */
    List<NodeEntry> others() {
        return memberList.members().stream()
                .filter(node -> !node.id().equals(identity.name().id()))
                .toList();
    }

    @Override
    public NodeName self() {
        return identity.name();
    }

    @Override
    public MemberList memberList() {
        return memberList;
    }

    /** The CA stands behind the node's own certificate for those who join, its vouchers for those who know only the one before. */
    @Override
    public ClusterTls.Shown shown() {
        Identity now = identity;
        List<X509Certificate> chain = new ArrayList<>(List.of(now.certificate()));
        memberList.authorities().ifPresent(authorities -> {
            chain.add(authorities.current());
            chain.addAll(authorities.vouchers());
        });
        return new ClusterTls.Shown(now.key(), chain);
    }

    @Override
    public Collection<X509Certificate> trusted() {
        return memberList
                .authorities()
                .map(authorities -> authorities.trusted(clock.instant()))
                .orElse(List.of());
    }

    @Override
    public Map<String, String> documents() {
        return identity.known();
    }
}
