package io.celeriac.access.page;

import io.celeriac.access.rule.NextPage;
import io.celeriac.access.user.Users;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages for people who have not signed in: signing in, and the link of the first start. */
@Page
class SignInPages {

    private final Users users;

    SignInPages(Users users) {
        this.users = users;
    }

    /** Who has a session goes on at once. */
    @GetMapping(NextPage.SIGN_IN)
    String signIn(@RequestParam(required = false) @Nullable String then, Caller caller, Model model) {
        var next = NextPage.of(then);
        if (caller.kind() == Caller.Kind.USER) {
            return "redirect:" + next;
        }
        model.addAttribute("next", next);
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
