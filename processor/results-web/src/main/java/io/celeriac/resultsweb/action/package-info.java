/**
 * Actions on many tasks: an order is a search and what to do with each task that it finds. Gateways work on it page by page, one gateway
 * at a time; another goes on if that one ends.
 */
@NullMarked
package io.celeriac.resultsweb.action;

import org.jspecify.annotations.NullMarked;
