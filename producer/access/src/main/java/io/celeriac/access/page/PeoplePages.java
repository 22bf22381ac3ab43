package io.celeriac.access.page;

import io.celeriac.access.passkey.UserPasskeyController;
import io.celeriac.access.token.TokenController;
import io.celeriac.access.user.UserController;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Fields;
import io.celeriac.web.page.Page;
import io.celeriac.web.page.PageData;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of those who may come in: users and tokens. */
@Page
class PeoplePages {

    private static final int ROWS = 100;
    private static final List<Integer> DAYS = List.of(30, 90, 365);

    private final UserController users;
    private final TokenController tokens;
    private final UserPasskeyController passkeys;
    private final PageData data;
    private final InstantSource clock;

    PeoplePages(
            UserController users,
            TokenController tokens,
            UserPasskeyController passkeys,
            PageData data,
            InstantSource clock) {
        this.users = users;
        this.tokens = tokens;
        this.passkeys = passkeys;
        this.data = data;
        this.clock = clock;
    }

    /**
     * When a new token may expire.
     *
     * @param days from now
     * @param at the same as an instant
     */
    record Expiry(int days, String at) {}

    @GetMapping("/access")
    String access() {
        return "redirect:/access/users";
    }

    @GetMapping("/access/users")
    String users(@RequestParam(required = false) @Nullable String after, Model model) {
        page(data.list(Caller.OPEN, users.list().items()), after, model);
        choices(model);
        return "celeriac/access/users";
    }

    @GetMapping("/access/users/{name}")
    String user(@PathVariable String name, Caller caller, Model model) {
        model.addAttribute("user", GrantWords.in(data.object(Caller.OPEN, users.one(name))));
        model.addAttribute(
                "passkeys", data.list(Caller.OPEN, passkeys.list(name).items()));
        model.addAttribute("isOwn", caller.name().equals(name));
        choices(model);
        return "celeriac/access/user";
    }

    @GetMapping("/access/tokens")
    String tokens(@RequestParam(required = false) @Nullable String after, Model model) {
        page(data.list(Caller.OPEN, tokens.list().items()), after, model);
        choices(model);
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        model.addAttribute("now", now.toString());
        model.addAttribute(
                "expiries",
                DAYS.stream()
                        .map(days ->
                                new Expiry(days, now.plus(Duration.ofDays(days)).toString()))
                        .toList());
        return "celeriac/access/tokens";
    }

    private static void choices(Model model) {
        model.addAttribute("roles", GrantWords.roles());
        model.addAttribute("authorities", GrantWords.authorities());
    }

    /** The rows after that name; from the first one, where there is no such name any more. */
    private static void page(Collection<Fields> all, @Nullable String after, Model model) {
        var rest = all.stream()
                .dropWhile(one -> after != null && !after.equals(one.get("name")))
                .skip(after == null ? 0 : 1)
                .limit(ROWS + 1L)
                .map(GrantWords::in)
                .toList();
        var items = rest.size() > ROWS ? rest.subList(0, ROWS) : rest;
        model.addAttribute("items", items);
        model.addAttribute("after", after);
        model.addAttribute("next", rest.size() > ROWS ? items.get(ROWS - 1).get("name") : null);
    }
}
