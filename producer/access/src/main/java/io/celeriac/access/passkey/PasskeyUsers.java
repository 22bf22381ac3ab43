package io.celeriac.access.passkey;

import io.celeriac.access.user.User;
import io.celeriac.access.user.Users;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.management.PublicKeyCredentialUserEntityRepository;

/** The users as Spring Security's ceremonies see them. It creates and deletes none. */
final class PasskeyUsers implements PublicKeyCredentialUserEntityRepository {

    private final Users users;

    PasskeyUsers(Users users) {
        this.users = users;
    }

    @Override
    public @Nullable PublicKeyCredentialUserEntity findById(Bytes id) {
        return entity(users.current(PasskeyRepository.text(id)));
    }

    @Override
    public @Nullable PublicKeyCredentialUserEntity findByUsername(String name) {
        return entity(users.find(name));
    }

    private static @Nullable PublicKeyCredentialUserEntity entity(Optional<User> user) {
        return user.map(one -> ImmutablePublicKeyCredentialUserEntity.builder()
                        .id(PasskeyRepository.handle(one.id()))
                        .name(one.name())
                        .displayName(one.name())
                        .build())
                .orElse(null);
    }

    @Override
    public void save(PublicKeyCredentialUserEntity user) {
        throw new IllegalArgumentException("there is no user " + user.getName());
    }

    @Override
    public void delete(Bytes id) {
        throw new UnsupportedOperationException("users are deleted by their administrator");
    }
}
