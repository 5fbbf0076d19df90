import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
import townhall.tables
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('townhall', '0001_people_and_sections'), ('townhall', '0002_import_jobs'), ('townhall', '0003_attachments'), ('townhall', '0004_files_for_the_worker'), ('townhall', '0005_calendar_addresses')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        townhall.tables.CreateTables(
            models=[
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                        ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                        ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                        ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                        ('name', models.CharField(max_length=60, verbose_name='氏名')),
                        ('wants_mail', models.BooleanField(default=True, verbose_name='メールを受け取る')),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                    ],
                    options={
                        'verbose_name': '利用者',
                        'verbose_name_plural': '利用者',
                        'ordering': ['username'],
                        'abstract': False,
                        'indexes': [],
                        'constraints': [],
                    },
                    managers=[
                        ('objects', django.contrib.auth.models.UserManager()),
                    ],
                ),
                migrations.CreateModel(
                    name='Attachment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('stored_as', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='保存した名前')),
                        ('name', models.CharField(max_length=120, verbose_name='ファイル名')),
                        ('size', models.PositiveBigIntegerField(verbose_name='大きさ（バイト）')),
                        ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                        ('content_type', models.CharField(max_length=100, verbose_name='種類')),
                        ('added_by_text', models.CharField(max_length=200, verbose_name='だれ')),
                        ('added_at', models.DateTimeField(verbose_name='添付した日時')),
                        ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='添付した利用者')),
                    ],
                    options={
                        'verbose_name': '添付ファイル',
                        'verbose_name_plural': '添付ファイル',
                        'ordering': ['-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='attachment_is_not_empty', violation_error_message='ファイルが空です。')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='CalendarAddress',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('token_hash', models.CharField(editable=False, max_length=64, unique=True, verbose_name='秘密の部分のハッシュ')),
                        ('made_at', models.DateTimeField(verbose_name='作った日時')),
                        ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='やめた日時')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calendar_addresses', to=settings.AUTH_USER_MODEL, verbose_name='利用者')),
                    ],
                    options={
                        'verbose_name': 'カレンダーのアドレス',
                        'verbose_name_plural': 'カレンダーのアドレス',
                        'ordering': ['-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('user',), name='one_calendar_address_in_use')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='ClosingDay',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版')),
                        ('day', models.DateField(unique=True, verbose_name='日')),
                        ('label', models.CharField(max_length=60, verbose_name='理由')),
                    ],
                    options={
                        'verbose_name': '町の閉庁日',
                        'verbose_name_plural': '町の閉庁日',
                        'ordering': ['day'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalClosingDay',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('history_actor', models.CharField(default='', editable=False, max_length=200, verbose_name='だれ')),
                        ('history_source', models.CharField(default='', editable=False, max_length=60, verbose_name='元')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版')),
                        ('day', models.DateField(db_index=True, verbose_name='日')),
                        ('label', models.CharField(max_length=60, verbose_name='理由')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': '変更履歴',
                        'verbose_name_plural': '変更履歴',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                        'indexes': [],
                        'constraints': [],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='Section',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版')),
                        ('code', models.SlugField(max_length=30, unique=True, verbose_name='記号')),
                        ('name', models.CharField(max_length=60, verbose_name='名称')),
                        ('order', models.PositiveSmallIntegerField(default=0, verbose_name='並び順')),
                        ('is_example', models.BooleanField(default=False, verbose_name='例（町の確認前）')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='有効期間の始め')),
                        ('valid_until', models.DateField(blank=True, null=True, verbose_name='有効期間の終わり')),
                        ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='townhall.section', verbose_name='引き継いだ課')),
                    ],
                    options={
                        'verbose_name': '課',
                        'verbose_name_plural': '課',
                        'ordering': ['order', 'code'],
                        'indexes': [],
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_until__isnull', True), ('valid_from__lte', models.F('valid_until')), _connector='OR'), name='section_term_in_order', violation_error_message='有効期間の終わりは、始めより後の日にしてください。')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalRoleAssignment',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('history_actor', models.CharField(default='', editable=False, max_length=200, verbose_name='だれ')),
                        ('history_source', models.CharField(default='', editable=False, max_length=60, verbose_name='元')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版')),
                        ('role', models.CharField(choices=[('secretariat', '事務局'), ('chair', '委員長'), ('member', '委員'), ('section_head', '課長'), ('staff', '担当'), ('task_force', '専門部会'), ('expert', '外部人材'), ('engineer', '運用担当')], max_length=20, verbose_name='役割')),
                        ('title', models.CharField(blank=True, max_length=40, verbose_name='職名')),
                        ('valid_from', models.DateField(verbose_name='有効期間の始め')),
                        ('valid_until', models.DateField(blank=True, null=True, verbose_name='有効期間の終わり')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='利用者')),
                        ('section', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='townhall.section', verbose_name='課')),
                    ],
                    options={
                        'verbose_name': '変更履歴',
                        'verbose_name_plural': '変更履歴',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                        'indexes': [],
                        'constraints': [],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalSection',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('history_actor', models.CharField(default='', editable=False, max_length=200, verbose_name='だれ')),
                        ('history_source', models.CharField(default='', editable=False, max_length=60, verbose_name='元')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版')),
                        ('code', models.SlugField(max_length=30, verbose_name='記号')),
                        ('name', models.CharField(max_length=60, verbose_name='名称')),
                        ('order', models.PositiveSmallIntegerField(default=0, verbose_name='並び順')),
                        ('is_example', models.BooleanField(default=False, verbose_name='例（町の確認前）')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='有効期間の始め')),
                        ('valid_until', models.DateField(blank=True, null=True, verbose_name='有効期間の終わり')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('successor', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='townhall.section', verbose_name='引き継いだ課')),
                    ],
                    options={
                        'verbose_name': '変更履歴',
                        'verbose_name_plural': '変更履歴',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                        'indexes': [],
                        'constraints': [],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalUser',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('history_actor', models.CharField(default='', editable=False, max_length=200, verbose_name='だれ')),
                        ('history_source', models.CharField(default='', editable=False, max_length=60, verbose_name='元')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('username', models.CharField(db_index=True, error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                        ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                        ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                        ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                        ('name', models.CharField(max_length=60, verbose_name='氏名')),
                        ('wants_mail', models.BooleanField(default=True, verbose_name='メールを受け取る')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.TextField(null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': '変更履歴',
                        'verbose_name_plural': '変更履歴',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                        'indexes': [],
                        'constraints': [],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='ImportJob',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('profile', models.CharField(max_length=60, verbose_name='取込の種類')),
                        ('subject', models.CharField(blank=True, max_length=100, verbose_name='対象')),
                        ('file_name', models.CharField(max_length=200, verbose_name='ファイル名')),
                        ('sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256')),
                        ('size', models.PositiveBigIntegerField(verbose_name='大きさ（バイト）')),
                        ('person_text', models.CharField(max_length=200, verbose_name='だれ')),
                        ('created_at', models.DateTimeField(verbose_name='選んだ日時')),
                        ('state', models.CharField(choices=[('waiting', '読み取り待ち'), ('reading', '読み取り中'), ('refused', '読めない'), ('previewed', '確認待ち'), ('applied', '取込済み'), ('cancelled', '取りやめ')], default='refused', max_length=10, verbose_name='状態')),
                        ('table', models.JSONField(blank=True, default=dict, verbose_name='読み取った表')),
                        ('base', models.JSONField(blank=True, default=dict, verbose_name='確認した版')),
                        ('result', models.JSONField(blank=True, default=dict, verbose_name='結果')),
                        ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='取り込んだ日時')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='利用者')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='読み取りの回数')),
                        ('begun_at', models.DateTimeField(blank=True, null=True, verbose_name='読み始めた日時')),
                    ],
                    options={
                        'verbose_name': '取込の記録',
                        'verbose_name_plural': '取込の記録',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['sha256', 'profile', 'subject'], name='import_of_the_same_file')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('applied_at__isnull', False), ('state', 'applied')), models.Q(models.Q(('state', 'applied'), _negated=True), ('applied_at__isnull', True)), _connector='OR'), name='import_applied_has_a_moment')],
                    },
                ),
                migrations.CreateModel(
                    name='Notice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=30, unique=True, verbose_name='種類')),
                        ('text', models.CharField(max_length=200, verbose_name='文')),
                    ],
                    options={
                        'verbose_name': 'お知らせの帯',
                        'verbose_name_plural': 'お知らせの帯',
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='RoleAssignment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版')),
                        ('role', models.CharField(choices=[('secretariat', '事務局'), ('chair', '委員長'), ('member', '委員'), ('section_head', '課長'), ('staff', '担当'), ('task_force', '専門部会'), ('expert', '外部人材'), ('engineer', '運用担当')], max_length=20, verbose_name='役割')),
                        ('title', models.CharField(blank=True, max_length=40, verbose_name='職名')),
                        ('valid_from', models.DateField(verbose_name='有効期間の始め')),
                        ('valid_until', models.DateField(blank=True, null=True, verbose_name='有効期間の終わり')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL, verbose_name='利用者')),
                        ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='townhall.section', verbose_name='課')),
                    ],
                    options={
                        'verbose_name': '役割の割当て',
                        'verbose_name_plural': '役割の割当て',
                        'ordering': ['section__order', 'role', 'pk'],
                        'indexes': [],
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_from__lte', models.F('valid_until')), _connector='OR'), name='post_term_in_order', violation_error_message='有効期間の終わりは、始めより後の日にしてください。'), models.CheckConstraint(condition=models.Q(models.Q(('role__in', ('section_head', 'staff')), _negated=True), ('section__isnull', False), _connector='OR'), name='post_of_a_section_names_it', violation_error_message='課長・担当には課を選んでください。'), models.CheckConstraint(condition=models.Q(models.Q(('role', 'expert'), _negated=True), ('valid_until__isnull', False), _connector='OR'), name='expert_has_an_end', violation_error_message='外部人材には有効期間の終わりを入れてください。')],
                    },
                ),
                migrations.CreateModel(
                    name='WaitingFile',
                    fields=[
                        ('job', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='waiting_file', serialize=False, to='townhall.importjob', verbose_name='取込')),
                        ('data', models.BinaryField(verbose_name='ファイル')),
                    ],
                    options={
                        'verbose_name': '読み取り待ちのファイル',
                        'verbose_name_plural': '読み取り待ちのファイル',
                        'indexes': [],
                        'constraints': [],
                    },
                ),
            ],
        ),
    ]
