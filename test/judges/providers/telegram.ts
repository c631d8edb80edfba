import { Bot, webhookCallback } from 'grammy';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

const botInfo = {
  id: 7,
  is_bot: true as const,
  first_name: 'Harbor',
  username: 'harbor_bot',
  can_join_groups: false,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
  has_topics_enabled: false,
  allows_users_to_create_topics: false,
  can_manage_bots: false,
  supports_join_request_queries: false,
};

const TOKEN = 'x-telegram-bot-api-secret-token';

export const judge: Judge = {
  package: 'grammy',
  async accepts(request, secretToken) {
    const bot = new Bot('7:token', { botInfo });
    const headers = request.headers.has(TOKEN) ? { [TOKEN]: headerOf(request, TOKEN) } : undefined;
    const sent = new Request(request.url, {
      method: 'POST',
      body: request.body.toString(),
      ...(headers && { headers }),
    });
    const { status } = await webhookCallback(bot, 'std/http', { secretToken })(sent);
    return status === 200;
  },
};
