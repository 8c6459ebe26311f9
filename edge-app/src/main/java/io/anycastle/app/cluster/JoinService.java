package io.anycastle.app.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes invited nodes into the cluster: checks the token, uses it up, gives number, certificate and cluster key. Blocks. */
final class JoinService {
    private static final Logger LOG = LoggerFactory.getLogger(JoinService.class);

    private final ClusterConfig config;
    private final ClusterDocuments documents;
    private final MembershipView view;
    private final ClusterKey clusterKey;
    private final TunnelCounters counters;
    private final InstantSource clock;
    private final AttemptLimit attempts;

    JoinService(
            ClusterConfig config,
            ClusterDocuments documents,
            MembershipView view,
            ClusterKey clusterKey,
            TunnelCounters counters,
            InstantSource clock) {
        this.config = config;
        this.documents = documents;
        this.view = view;
        this.clusterKey = clusterKey;
        this.counters = counters;
        this.clock = clock;
        this.attempts = new AttemptLimit(config.joinsPerMinute(), clock);
    }

    /** What became of a request. */
    private sealed interface Decision {
        record Taken(NodeEntry node) implements Decision {}

        record Refused(String reason) implements Decision {}
    }

    /** @param from the client's address */
    JsonObject answer(String from, JsonObject message) {
        if (!attempts.isAllowed(from)) {
            return refuse(from, "too many join attempts from there; try again in a minute");
        }
        Optional<JoinRequest> request = JoinRequest.parse(message);
        if (request.isEmpty()) {
            return refuse(from, "the join request is not understood");
        }
        Optional<Authority> signer =
                view.memberList().authorities().flatMap(authorities -> authorities.signer(clusterKey));
        if (signer.isEmpty()) {
            return refuse(from, "this node cannot open the cluster CA's key with its " + ClusterKey.FILE);
        }
        return switch (documents.change(all -> decide(all, request.get(), signer.get()))) {
            case ClusterDocuments.Outcome.Failed<Decision> failed ->
                refuse(from, "the cluster cannot take a node now: " + failed.reason());
            case ClusterDocuments.Outcome.Done<Decision>(Decision.Refused refused) -> refuse(from, refused.reason());
            case ClusterDocuments.Outcome.Done<Decision>(Decision.Taken taken) ->
                take(from, taken.node(), signer.get(), request.get());
        };
    }

    private JsonObject refuse(String from, String reason) {
        counters.joinsRefused.increment();
        LOG.warn("a node that wants to join from {} was refused: {}", from, reason);
        return Answers.refusal(reason);
    }

    private ClusterDocuments.Plan<Decision> decide(Map<String, String> all, JoinRequest request, Authority signer) {
        Instant now = clock.instant();
        Optional<Invitation> invitation = Optional.ofNullable(all.get(Invitation.PREFIX + request.invitation()))
                .flatMap(Invitation::parse);
        MemberList memberList = MemberList.of(Versions.newest(all, view.documents()));
        Optional<NodeEntry> known = memberList.node(request.id());
        boolean isRepeated = invitation.isPresent()
                && invitation.get().usedBy().equals(Optional.of(request.id()))
                && invitation.get().matches(request.secret())
                && known.isPresent()
                && !known.get().isRemoved()
                && known.get().keys().contains(Keypairs.fingerprint(request.key()));
        if (isRepeated) { // the first answer was lost on its way
            return new ClusterDocuments.Plan<>(Map.of(), new Decision.Taken(known.get()));
        }
        Optional<String> problem = tokenProblem(invitation, request, now).or(() -> nodeProblem(memberList, request));
        return problem.<ClusterDocuments.Plan<Decision>>map(
                        reason -> new ClusterDocuments.Plan<>(Map.of(), new Decision.Refused(reason)))
                .orElseGet(() -> accept(invitation.orElseThrow(), memberList, request, signer));
    }

    private Optional<String> tokenProblem(Optional<Invitation> invitation, JoinRequest request, Instant now) {
        String cluster = view.self().cluster();
        if (!request.cluster().equals(cluster)) {
            return Optional.of(
                    "the token is for the cluster '" + request.cluster() + "', this one is '" + cluster + "'");
        }
        if (invitation.isEmpty() || !invitation.get().matches(request.secret())) {
            return Optional.of("the token is not known here");
        }
        if (invitation.get().usedBy().isPresent()) {
            return Optional.of("the token was used already, by node "
                    + invitation.get().usedBy().get());
        }
        return invitation.get().expires().isBefore(now)
                ? Optional.of("the token expired at " + invitation.get().expires())
                : Optional.empty();
    }

    private static Optional<String> nodeProblem(MemberList memberList, JoinRequest request) {
        if (memberList.node(request.id()).filter(node -> !node.isRemoved()).isPresent()) {
            return Optional.of(
                    "node " + request.id() + " is in the cluster already; remove it first, or set another node.id");
        }
        if (memberList.members().stream().anyMatch(node -> node.address().equals(request.address()))) {
            return Optional.of("another node is reached at " + request.address() + " already");
        }
        return memberList.nextNumber() > NodeName.NUMBER_MAX
                ? Optional.of("the cluster has no number left for another node")
                : Optional.empty();
    }

    private ClusterDocuments.Plan<Decision> accept(
            Invitation invitation, MemberList memberList, JoinRequest request, Authority signer) {
        Instant now = clock.instant();
        NodeEntry entry = new NodeEntry(
                request.id(),
                memberList.nextNumber(),
                request.address(),
                java.util.List.of(Keypairs.fingerprint(request.key())),
                now,
                signer.end(now, config.certificateLifetime()),
                Optional.empty(),
                memberList.node(request.id()).map(NodeEntry::revision).orElse(0) + 1);
        Map<String, Optional<String>> edits = new HashMap<>();
        edits.put(entry.key(), Optional.of(entry.text()));
        edits.put(invitation.key(), Optional.of(invitation.used(entry.id()).text()));
        return new ClusterDocuments.Plan<>(edits, new Decision.Taken(entry));
    }

    private JsonObject take(String from, NodeEntry node, Authority signer, JoinRequest request) {
        NodeName name = new NodeName(view.self().cluster(), node.id(), node.number());
        X509Certificate certificate =
                signer.certify(name, request.key(), clock.instant(), config.certificateLifetime());
        counters.joins.increment();
        LOG.info(
                "node {} joined the cluster from {} as number {}, reached at {}",
                node.id(),
                from,
                node.number(),
                node.address());
        Map<String, String> known = new HashMap<>(Versions.newest(view.documents(), documents.all()));
        known.put(node.key(), node.text());
        return Answers.welcome()
                .put("number", node.number())
                .put("certificates", new JsonArray().add(Pem.of(certificate)))
                .put("cluster_key", clusterKey.text())
                .put("documents", Answers.documents(known));
    }
}
