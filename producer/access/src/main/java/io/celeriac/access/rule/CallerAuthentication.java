package io.celeriac.access.rule;

import io.celeriac.web.caller.Caller;
import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** A caller whose credentials were right, as Spring Security knows it. Never stored. */
public final class CallerAuthentication extends AbstractAuthenticationToken {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Caller caller;

    public CallerAuthentication(Caller caller) {
        super(granted(caller));
        this.caller = caller;
        setAuthenticated(true);
    }

    private static List<GrantedAuthority> granted(Caller caller) {
        return caller.authorities().stream()
                .<GrantedAuthority>map(one -> new SimpleGrantedAuthority(one.word()))
                .toList();
    }

    public Caller caller() {
        return caller;
    }

    @Override
    public @Nullable Object getCredentials() {
        return null;
    }

    @Override
    public Object getPrincipal() {
        return caller;
    }

    @Override
    public String getName() {
        return caller.name();
    }

    @Override
    @SuppressWarnings("EqualsGetClass") // as the class above it has it
    public boolean equals(@Nullable Object other) {
        return other != null && other.getClass() == getClass() && caller.equals(((CallerAuthentication) other).caller);
    }

    @Override
    public int hashCode() {
        return caller.hashCode();
    }
}
