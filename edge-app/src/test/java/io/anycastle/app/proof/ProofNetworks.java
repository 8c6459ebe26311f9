package io.anycastle.app.proof;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Network;
import java.util.concurrent.ThreadLocalRandom;

/** Two private networks: one for clients, which stays, and one for the nodes among themselves, which can be cut. */
final class ProofNetworks implements AutoCloseable {
    static final int NODES = 3;
    private static final int ATTEMPTS_MAX = 10;

    private final DockerClient docker;
    private final int block;
    private final String clients;
    private final String members;

    private ProofNetworks(DockerClient docker, int block) {
        this.docker = docker;
        this.block = block;
        clients = create("clients", 2 * block);
        try {
            members = create("members", 2 * block + 1);
        } catch (DockerException e) {
            docker.removeNetworkCmd(clients).exec();
            throw e;
        }
    }

    /** Takes other addresses where those are in use already. */
    static ProofNetworks create(DockerClient docker) {
        for (int attempt = 1; ; attempt++) {
            try {
                return new ProofNetworks(docker, ThreadLocalRandom.current().nextInt(1, 100));
            } catch (DockerException e) {
                if (attempt == ATTEMPTS_MAX) {
                    throw e;
                }
            }
        }
    }

    private String create(String use, int third) {
        return docker.createNetworkCmd()
                .withName("anycastle-proof-" + use + "-" + third)
                .withIpam(new Network.Ipam()
                        .withConfig(new Network.Ipam.Config().withSubnet("10.231." + third + ".0/24")))
                .exec()
                .getId();
    }

    String clients() {
        return clients;
    }

    String members() {
        return members;
    }

    String clientAddress(int node) {
        return "10.231." + 2 * block + "." + (10 + node);
    }

    String memberAddress(int node) {
        return "10.231." + (2 * block + 1) + "." + (10 + node);
    }

    @Override
    public void close() {
        docker.removeNetworkCmd(clients).exec();
        docker.removeNetworkCmd(members).exec();
    }
}
