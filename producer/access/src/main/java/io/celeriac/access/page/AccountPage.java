package io.celeriac.access.page;

import io.celeriac.access.session.ProfileController;
import io.celeriac.access.user.User;
import io.celeriac.access.user.Users;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Page;
import io.celeriac.web.page.PageData;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The page of the reader's own account. */
@Page
class AccountPage {

    private final ProfileController profile;
    private final Users users;
    private final PageData data;

    AccountPage(ProfileController profile, Users users, PageData data) {
        this.profile = profile;
        this.users = users;
        this.data = data;
    }

    @GetMapping("/account")
    String account(Caller caller, HttpServletRequest request, Model model) {
        var account = data.object(Caller.OPEN, profile.profile(caller));
        var user = users.find(caller.name());
        account.put("role", user.map(AccountPage::role).orElse(null));
        account.put("issuer", user.map(AccountPage::issuer).orElse(null));
        var sessions = data.list(Caller.OPEN, profile.list(request).items());
        sessions.forEach(one -> one.put("browserName", BrowserName.of((String) one.get("browser"))));
        model.addAttribute("account", GrantWords.in(account));
        model.addAttribute("authorities", GrantWords.authorities());
        model.addAttribute("sessions", sessions);
        return "celeriac/access/account";
    }

    private static @Nullable String role(User user) {
        var role = user.grant().role();
        return role == null ? null : role.word();
    }

    /** By which the user signs in; null for a user with a password. */
    private static @Nullable String issuer(User user) {
        var identity = user.identity();
        return identity == null ? null : identity.issuer();
    }
}
