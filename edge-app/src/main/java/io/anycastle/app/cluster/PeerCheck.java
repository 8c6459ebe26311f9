package io.anycastle.app.cluster;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Decides whether who shows a certificate is a member. Pure functions. */
final class PeerCheck {
    private PeerCheck() {}

    /** Who a peer is. */
    sealed interface Verdict {
        record Member(NodeEntry node) implements Verdict {}

        /** The reason completes "refused:". */
        record Refused(String reason) implements Verdict {}
    }

    /** What is wrong with a chain, first certificate first; empty when one of the authorities stands behind it (RFC 5280). */
    static Optional<String> chainProblem(
            List<X509Certificate> chain, Collection<X509Certificate> trusted, Instant now) {
        if (chain.isEmpty()) {
            return Optional.of("it shows no certificate");
        }
        X509Certificate leaf = chain.getFirst();
        if (leaf.getNotAfter().toInstant().isBefore(now)) {
            return Optional.of(
                    "its certificate expired on " + leaf.getNotAfter().toInstant());
        }
        if (leaf.getNotBefore().toInstant().isAfter(now)) {
            return Optional.of("its certificate is valid only from "
                    + leaf.getNotBefore().toInstant() + " on; is one of the clocks wrong?");
        }
        if (leaf.getBasicConstraints() != -1 || trusted.isEmpty() || !hasPath(chain, trusted, now)) {
            return Optional.of("its certificate is not from this cluster's CA but from "
                    + leaf.getIssuerX500Principal().getName());
        }
        return Optional.empty();
    }

    private static boolean hasPath(List<X509Certificate> chain, Collection<X509Certificate> trusted, Instant now) {
        try {
            X509CertSelector leaf = new X509CertSelector();
            leaf.setCertificate(chain.getFirst());
            leaf.setExtendedKeyUsage(Set.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"));
            Set<TrustAnchor> anchors =
                    trusted.stream().map(ca -> new TrustAnchor(ca, null)).collect(Collectors.toSet());
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, leaf);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return true;
        } catch (GeneralSecurityException | IOException e) {
            return false;
        }
    }

    /** Whether the certificate, whose chain is known to be good, is that of a registered node. */
    static Verdict member(List<? extends Certificate> chain, String cluster, MemberList memberList) {
        if (chain.isEmpty() || !(chain.getFirst() instanceof X509Certificate leaf)) {
            return new Verdict.Refused("it shows no certificate");
        }
        Optional<NodeName> shown = NodeName.of(leaf);
        if (shown.isEmpty()) {
            return new Verdict.Refused("its certificate names no node");
        }
        NodeName name = shown.get();
        if (!name.cluster().equals(cluster)) {
            return new Verdict.Refused(
                    "its certificate is for the cluster '" + name.cluster() + "', this one is '" + cluster + "'");
        }
        Optional<NodeEntry> entry = memberList.node(name.id());
        if (entry.isEmpty()) {
            return new Verdict.Refused("node " + name.id() + " is not known here");
        }
        return registered(name, leaf, entry.get());
    }

    private static Verdict registered(NodeName name, X509Certificate leaf, NodeEntry entry) {
        if (!entry.keys().contains(Keypairs.fingerprint(leaf.getPublicKey())) || entry.number() != name.number()) {
            return new Verdict.Refused(
                    "the key in its certificate is not the one that node " + name.id() + " is registered with");
        }
        if (entry.isRemoved()) {
            return new Verdict.Refused("node " + name.id() + " was removed from the cluster");
        }
        return new Verdict.Member(entry);
    }
}
