package io.celeriac.access.page;

import io.celeriac.access.oidc.OidcWay;
import io.celeriac.access.rule.NextPage;
import io.celeriac.access.rule.RefusedSignIn;
import io.celeriac.access.user.Users;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Page;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages for people who have not signed in: signing in, and the link of the first start. */
@Page
class SignInPages {

    /** Refusals that have a text of their own. */
    private static final Set<Integer> KNOWN = Set.of(401, 403, 409, 429, 503);

    private final Users users;
    private final ObjectProvider<OidcWay> oidc;

    SignInPages(Users users, ObjectProvider<OidcWay> oidc) {
        this.users = users;
        this.oidc = oidc;
    }

    /**
     * Who has a session goes on at once.
     *
     * @param again true for who has a session that is too old for what comes next
     * @param refused status of a sign-in by an issuer that was refused; null for none
     */
    @GetMapping(NextPage.SIGN_IN)
    String signIn(
            @RequestParam(required = false) @Nullable String then,
            @RequestParam(defaultValue = "false") boolean again,
            @RequestAttribute(name = RefusedSignIn.ATTRIBUTE, required = false) @Nullable Integer refused,
            Caller caller,
            Model model) {
        var next = NextPage.of(then);
        if (caller.kind() == Caller.Kind.USER && !again && refused == null) {
            return "redirect:" + next;
        }
        var issuer = oidc.getIfAvailable();
        model.addAttribute("next", next);
        model.addAttribute("again", again);
        model.addAttribute("refused", refused == null || KNOWN.contains(refused) ? refused : Integer.valueOf(401));
        model.addAttribute("issuer", issuer == null ? "OpenID Connect" : issuer.name());
        model.addAttribute("isNew", users.areNone());
        return "celeriac/access/sign-in";
    }

    @GetMapping("/setup")
    String setUp(@RequestParam(defaultValue = "") String token, Model model) {
        model.addAttribute("token", token);
        model.addAttribute("isNew", users.areNone());
        return "celeriac/access/setup";
    }
}
