package io.celeriac.access.passkey;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.CredentialRecord;
import org.springframework.security.web.webauthn.management.UserCredentialRepository;

/**
 * The passkeys as one of Spring Security's ceremonies sees them.
 *
 * @param save what the ceremony stores means: a new passkey, or a signature of one
 */
record StoredCredentials(PasskeyRepository rows, Consumer<CredentialRecord> save) implements UserCredentialRepository {

    @Override
    public void save(CredentialRecord credential) {
        save.accept(credential);
    }

    @Override
    public @Nullable CredentialRecord findByCredentialId(Bytes id) {
        return rows.byCredential(id).orElse(null);
    }

    @Override
    public List<CredentialRecord> findByUserId(Bytes id) {
        return rows.records(PasskeyRepository.text(id));
    }

    @Override
    public void delete(Bytes id) {
        throw new UnsupportedOperationException("no ceremony deletes a passkey");
    }
}
