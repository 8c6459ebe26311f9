package io.anycastle.app.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdminTokenTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void the_first_start_makes_a_token_that_clients_accept_and_only_the_owner_may_read() throws IOException {
        AdminToken made = AdminToken.of(folder);
        String token = AdminToken.readFrom(folder).orElseThrow();
        assertThat(made.isNew()).isTrue();
        assertThat(token).matches("[0-9A-Za-z_-]{40}");
        assertThat(made.matches(token)).isTrue();
        assertThat(made.matches(token.substring(1) + "0")).isFalse();
        for (String file : new String[] {AdminToken.TOKEN_FILE, AdminToken.HASH_FILE}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void what_the_node_keeps_does_not_hold_the_token() throws IOException {
        AdminToken.of(folder);
        String token = AdminToken.readFrom(folder).orElseThrow();
        assertThat(Files.readString(folder.resolve(AdminToken.HASH_FILE))).doesNotContain(token);
        assertThat(AdminToken.of(folder).toString()).doesNotContain(token);
    }

    @Test
    void a_restart_keeps_the_token_even_when_its_file_was_taken_away() throws IOException {
        AdminToken.of(folder);
        String token = AdminToken.readFrom(folder).orElseThrow();
        Files.delete(folder.resolve(AdminToken.TOKEN_FILE));
        AdminToken again = AdminToken.of(folder);
        assertThat(again.isNew()).isFalse();
        assertThat(again.matches(token)).isTrue();
        assertThat(AdminToken.readFrom(folder)).isEmpty();
    }

    @Test
    void without_its_hash_the_next_start_makes_another_token() throws IOException {
        AdminToken.of(folder);
        String token = AdminToken.readFrom(folder).orElseThrow();
        Files.delete(folder.resolve(AdminToken.HASH_FILE));
        AdminToken next = AdminToken.of(folder);
        assertThat(next.isNew()).isTrue();
        assertThat(next.matches(token)).isFalse();
        assertThat(next.matches(AdminToken.readFrom(folder).orElseThrow())).isTrue();
    }

    @Test
    void a_damaged_hash_stops_the_start_instead_of_letting_anybody_in() throws IOException {
        AdminToken.of(folder);
        Files.writeString(folder.resolve(AdminToken.HASH_FILE), "sha256:zz\n");
        assertThatThrownBy(() -> AdminToken.of(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is damaged");
    }
}
