package io.celeriac.web.caller;

import java.security.Principal;

/** The principal of a request whose caller is known. */
public interface CallerPrincipal extends Principal {

    Caller caller();
}
